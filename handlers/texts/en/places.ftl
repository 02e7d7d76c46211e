# Places: the ward's map, place codes, the poster.

page-from-code = Opened from a QR code

places-title = Places
places-lead = Names of neighbourhoods, streets, lanes and the spots people speak of. By these the machine understands where "behind the market, tổ 5" is.
places-count-neighbourhood = { $count ->
        [one] { $count } neighbourhood
       *[other] { $count } neighbourhoods
    }
places-count-street = { $count ->
        [one] { $count } street
       *[other] { $count } streets
    }
places-count-alley = { $count ->
        [one] { $count } lane
       *[other] { $count } lanes
    }
places-count-landmark = { $count ->
        [one] { $count } landmark
       *[other] { $count } landmarks
    }
places-count-spots = { $count ->
        [one] { $count } place code
       *[other] { $count } place codes
    }
places-kind-neighbourhood = Neighbourhoods
places-kind-street = Streets
places-kind-alley = Lanes
places-kind-landmark = Landmarks
places-inside = { $count ->
        [one] { $count } place in it
       *[other] { $count } places in it
    }
places-pinned = has coordinates
places-none = No places yet. Bring in a file below, or add them one at a time.
places-edit = Change
places-add-title = Add a place
places-add = Add
places-field-kind = Kind
places-field-name = Name
places-field-home = In the neighbourhood
places-field-home-none = Not given
places-field-point = Coordinates, if known
places-help-name = As people say it. For example: Tổ dân phố số 5, Lê Lợi, Ngõ 12 Lê Lợi, Chợ Hàng
places-help-point = Latitude first, then longitude, as a map copies them. For example: 20.8449, 106.6881
places-change = Save
places-end-title = Stop using this place
places-end-home-help = Old reports keep its name. People can no longer choose it. Bringing the same name in again makes it usable again.
places-end-other-help = The name leaves the map. Old reports do not change.
places-end = Stop using it
places-done-added = Added.
places-done-changed = Saved.
places-done-ended = No longer used.
places-file-title = Bring in a file
places-file-help = CSV or GeoJSON, at most { $most } places. Bringing it in again updates and doubles nothing; places that are not in the file stay as they are. With one wrong line nothing is brought in, and each line is named.
places-file-columns = CSV needs the columns kind, name, neighbourhood, latitude, longitude. Kinds are neighbourhood, street, alley, landmark. For example:
places-file-example = kind,name,neighbourhood,latitude,longitude
    neighbourhood,Tổ dân phố số 5,,20.8449,106.6881
    street,Lê Lợi,Tổ dân phố số 5,,
    landmark,Chợ Hàng,Tổ dân phố số 5,20.8451,106.6890
places-file-excel = In Excel: Save As, then CSV UTF-8.
places-file = File
places-file-send = Bring in the file
places-file-none = { $count ->
        [one] Nothing was brought in. Put this right in the file, then bring it in again:
       *[other] Nothing was brought in. Put these { $count } things right in the file, then bring it in again:
    }
places-file-more = And { $count } more.
places-imported = Brought in: { $added } added, { $changed } updated, { $same } unchanged.
places-line = Line { $line }:
places-feature = Feature { $line }:

places-mistake-no-file = No file was chosen. Choose a CSV or GeoJSON file.
places-mistake-there = This name is already on the map.
places-mistake-there-ended = This name belongs to a place no longer used. Add that place again instead of renaming.
places-mistake-gone = This place was not found. Somebody may just have removed it.
places-mistake-kind = A neighbourhood cannot become another kind, nor the other way round. Add a new place instead.
places-mistake-home = This neighbourhood is no longer on the map. Choose again.
places-mistake-point = The coordinates could not be read. Write them like 20.8449, 106.6881.

places-wrong-too-many = The file has more than { $most } places. Split it.
places-wrong-empty = There is no place in the file.
places-wrong-too-big = The file is larger than { $most } KB. Split it.
places-wrong-excel = This is an Excel file. In Excel choose Save As, then CSV UTF-8.
places-wrong-alphabet = The file is saved in an old alphabet (Windows-1258, TCVN3 or the like); its marks would come out wrong. In Excel choose Save As, then CSV UTF-8.
places-wrong-quotes = a quotation mark is opened and not closed, or stands in the wrong place.
places-wrong-columns = the first line lacks: { $missing }. It must name the columns: kind, name, neighbourhood, latitude, longitude.
places-wrong-column-twice = the column { $name } is there twice.
places-wrong-json = This GeoJSON could not be read.
places-wrong-feature = not a Feature with properties.
places-wrong-geometry = the shape could not be read. Use Point, LineString or Polygon.
places-wrong-number = "{ $typed }" is not a number.
places-wrong-kind = the kind "{ $typed }" is not known. Write neighbourhood, street, alley or landmark.
places-wrong-no-kind = the kind is missing. Write neighbourhood, street, alley or landmark.
places-wrong-no-name = the name is missing.
places-wrong-long-name = the name is longer than { $most } letters.
places-wrong-half-place = with a latitude there must be a longitude; or leave both empty.
places-wrong-swapped = latitude and longitude are swapped.
places-wrong-far = these coordinates lie outside Viet Nam.
places-wrong-twice = "{ $name }" is there already, in line { $line }.
places-wrong-no-home = "{ $name }" is not on the map. Add this neighbourhood first, or in the same file.

spots-title = Place codes
spots-lead = A sheet with a QR code to hang up at a market, a lane or a school. Whoever opens the line from it is asked "is it here?" and need not type an address. The code is the same for everybody and does not tell who scanned it.
spots-none = No codes yet.
spots-ended = { $count ->
        [one] { $count } code is no longer used.
       *[other] { $count } codes are no longer used.
    }
spots-make = Make the code
spots-make-title = Make a place code
spots-field-label = Name on the sheet
spots-help-label = At most 60 letters. For example: Cổng chợ Hàng
spots-done-ended = This code is no longer used. A sheet that still hangs opens the page, only without the place.
spots-mistake-label = Write the name of the place.
spots-mistake-long = The name is longer than 60 letters.
spots-web = Web page
spots-telegram = Telegram
spots-no-public = Not to be printed yet: the page has no public address, this code opens only where the desk opens. Have whoever looks after the machine set KENG_PUBLIC_URL first.
spots-print = Print the A5 sheet
spots-code = Code
spots-ended-mark = no longer used
spots-end = Stop using this code
spots-end-help = A sheet that still hangs opens the page, only without the place.
spots-sheet-title = Seen something? Tell the ward police
spots-sheet-scan = Scan with your phone
spots-sheet-type = Or type
spots-sheet-name = No name needed.
spots-sheet-never = Nobody asks for an OTP, a password or a transfer.
spots-sheet-urgent = In danger, call now
spots-sheet-numbers = 113 police · 114 fire · 115 ambulance
spots-sheet-duty = Ward duty officer

poster-urgent = In danger, call now
poster-others = 114 fire · 115 ambulance
poster-title = Seen something? Tell the ward police
poster-nameless = No name needed.
poster-duty = Duty officer
poster-web = Web page
poster-scan = Scan the code, or type:
poster-vneid = Dịch vụ khác, then Kiến nghị, phản ánh về ANTT. That app knows who sends.
poster-in-person = In person
poster-never = Nobody here asks for an OTP, a password or money.
poster-short = In danger, call 113. You need not give your name. Nobody here asks for an OTP, a password or money.
