-urgent = 🔴 In danger now, call: 113 police, 114 fire, 115 ambulance.
-never-asked = Nobody here asks for an OTP code or a password, or tells you to transfer money.

duty-line = Ward duty desk: { $duty_phone }.
trial-line = Trial: no duty number yet. If it is urgent, please call 113.
start-hello = Hello from the ward police{ $ward }. A machine answers; the officer on duty reads what you send.
start-urgent = { -urgent }
start-webchat-privacy = This page needs no account and no name, and keeps no network address with your tip. Your network provider or Wi-Fi still knows that this device opened it. On a shared device: note the tip code, then press [Leave quickly] to clear this talk from it.
start-zalo-privacy = No name is needed. But you should know: Zalo and whoever manages this page can see the account and the messages. Officers who work on a tip see only the messages. For more privacy: { $web }, or come in person.
start-zalo-web = write on the ward's own page
start-telegram-privacy = Telegram can see the account and the messages. Officers who work on a tip see only the messages.
start-zalo_bot-privacy = Zalo and whoever holds this bot can see the account and the messages. Officers who work on a tip see only the messages.
start-zalo_visitor-privacy = No login and no name is needed. But Zalo and whoever manages this page can still see the messages. Officers who work on a tip see only the messages.
start-never-asked = { -never-asked }
start-tell = Whatever happened, just write it here.

help =
    Just tell what you saw in words, a recording or photos, then press Send now. No name needed.

    Type "tra cứu" to see where a tip stands, "hủy" to drop the one you are writing, "cắt liên lạc" to have the machine forget this account.
    { -urgent }
what-happened = What happened? Tell it as you would tell a neighbour: write, send a recording or a photo. Several messages are fine.
after-photo = Photo received. What does it show? A few words are enough.
noted = Added. Go on writing, or press Send now.
noted-photo = { $count } photos received. Send more, or press Send now.
category-ask = Which of these is it like? If unsure, just go on writing or press Send now.
photos-ask = If you have photos, send them here, up to 10. If not, skip.
place-ask = Photos are welcome. Where did it happen? Share the place, or type a house number, lane, group, or a landmark like "market gate". If you would rather not say exactly, the street is enough.
place-ask-typed = Photos are welcome. Where did it happen? This channel takes no position, so please type a house number, lane, group, or a landmark like "market gate". If you would rather not say exactly, the street is enough.
place-noted = Place noted. Go on writing, or press Send now.
place-pin = the place pinned on the map
place-none = not given
about-ask = This tip goes without a name. The ward has nobody yet who keeps the key to names, so no name is taken here. A tip without a name is entered in the book all the same.
review =
    Please look it over, press Change if wrong:
    What: { $story }
    Kind: { $category }
    Where: { $place }
    Told at: { $time }
    With it: { $photos ->
        [0] nothing
       *[other] { $photos } photos or files
    }
    About you: { $about }

    Say what you saw; if you heard it from others, say so. Being unsure is fine. Only please do not invent things about others: a false report on purpose can be fined.
edit-ask = Which part shall be changed?
receipt-late = You sent this at { $sent_time }; because of an outage it came at { $time }. If it is still urgent, please call 113.
receipt =
    Tip received at { $time }, { $date }. Thank you.

    Tip code: { $code }

    The officer on duty will read it and enter it in the book. News will appear here. If you remember more, just write.

    Keep this code to yourself: whoever has it can see where the tip stands.
receipt-windowed =
    Tip received at { $time }, { $date }. Thank you.

    Tip code: { $code }

    The officer on duty will read it and enter it in the book. For { $days } days news will appear here; after that { $later }: type "my tips" to know. If you remember more, just write.

    Keep this code to yourself: whoever has it can see where the tip stands.
receipt-later = the line cannot write first
receipt-later-perhaps = it is not sure that the line can write first
receipt-urgent = If it is urgent call 113 or the duty desk { $duty_phone }.
receipt-urgent-trial = If it is urgent call 113.
cancel-ask = Drop the tip you are writing? Its words and photos will not reach the duty desk.
cancelled = Dropped. Write again whenever you need.
nothing-to-cancel = There is no unfinished tip. Whatever happened, just write it here.
nothing-to-send = There is nothing to send yet. Whatever happened, just write it here.
already-sent = This tip was sent already; no need to press again. If you remember more, just write.
lookup-ask = If you have a tip code, type it here, for example TB-1234-5678-9ABC.
lookup-none = No tip was sent from this talk yet.
lookup-not-found = No tip with this code was found. Please check each character.
lookup-not-found-2 = This code is still not in the book. It stands in the receipt, after the words "Tip code". If you sent it from this phone, press My tips.
lookup-not-found-3 = No tip goes by the code you typed. A lost code is no harm: tell it here once more, the officer on duty reads it all the same.
lookup-state-new = Tip { $code_tail } came at { $time }; the officer on duty has not read it yet. If urgent, please call 113.
lookup-state-accepted = The officer on duty read tip { $code_tail } at { $time }.
added = Added to tip { $code_tail }. For another matter press Report something else.
edited-after-send = Your correction was added to tip { $code_tail }. The earlier words stay beside it.
unreadable = The machine did not understand this. Please write a few words or send a photo.
not-understood-2 = The machine still cannot read this. You may skip it, or type it in words.
too-many-photos = This tip has its 10 photos. Please send more with another tip.
too-long = The story is longer than { $limit } letters; this part was not taken. Please press Send now, then go on.
language-changed = From now on the machine answers in English.

button-report = Report something else
button-cheated = Cheated of money
button-my-tips = My tips
button-send-now = Send now
button-send = Send
button-edit = Change
button-cancel = Cancel
button-yes-cancel = Drop this tip
button-no-keep = Keep it
button-skip = Skip
button-back = Back
button-done-photos = No more photos
button-anonymous = Without a name
button-tell = Report
button-english = English
button-vietnamese = Tiếng Việt
button-edit-words = Tell it anew
button-edit-photos = Photos anew
button-edit-place = Place
button-edit-category = Kind

page-title = Messages
page-header = Ward police{ $ward }
page-quick-exit = Leave quickly
page-placeholder = Write here…
page-send = Send
page-reached = Reached the server
page-sending = Sending…
page-retry = Not sent. Press to try again
page-trial = Trial: no duty number yet. If it is urgent, please call 113.
page-urgent = Urgent:
page-duty = Duty desk
page-expired = This page was open for long. Please reload it and send again.
page-too-long = The message is longer than { $limit } letters. Please send it in parts.
page-unreadable = This could not be read. Please write it again.

page-file-too-big = This file is larger than 20 MB, which this page cannot take. Please send a smaller copy.
page-file-empty = This file is empty; nothing was received. Please choose it again.
page-file-sent = Photo or file sent
page-no-room = The ward's machine is full and cannot take photos now. Messages still get through. If it is urgent, call 113.
page-too-much-today = More photos came from here today than we can take. Messages still get through.

file-lost = One photo or file could not be fetched. Please send it again.
file-refused = One file could not be opened, so nobody can see what is in it. If it is a photo, please send a screenshot of it.
file-refused-voice = One voice message could not be opened, so nobody can hear it. Please say it again, or write a few words.
file-too-big = The file is too large to be received. Please send a smaller copy.
file-too-big-web = The file is too large for this channel. Please send it on this page: { $address }

in-group =
    If you have something to tell the police, please do not write it in the group. Write to us alone here: { $address }
    Urgent: call 113 or the duty desk { $duty_phone }. Nothing said in this group is stored here.

button-send-place = Send my position
command-start = Start
command-huongdan = How it works
command-huy = Drop the draft
command-tracuu = See where a tip stands

page-take-back = Take back
page-taking-back = Taking it back…
page-taken-back = Taken back
page-take-back-unknown = This message is not in this chat, so it could not be taken back. Please reload the page.
page-take-back-twice = This message was taken back already.
page-skip = To the message field
page-attach = Send a photo or file
page-stop = Stop
page-stopped = Stopped.
page-offline = No connection. It goes on when the connection is back.
page-no-place = This device does not tell its position. Please type the street or neighbourhood.
page-finding-place = Finding the position…
page-code = Receipt code
page-copy-code = Copy
page-copied = Copied
page-save-code = Save as picture

page-closed-title = The machine is being replaced
page-closed = The ward's machine was just replaced and cannot take messages yet. If it is urgent, call 113 or the duty officer, { $duty_phone }. Please send it again a little later.
page-closed-trial = The ward's machine was just replaced and cannot take messages yet. If it is urgent, call 113. Please send it again a little later.
page-not-stored = The machine is busy and stored nothing. Please send it again in a few seconds. If it is urgent, call 113.
page-form-too-big = That was too much at once. Please send it in smaller parts.
page-broken = Something went wrong and this was not done. Error: { $id }. If it is urgent, call 113.

page-waiting = Waiting to be sent…
page-again = Send again
page-reload = Reload the page
page-refresh = See new answers
page-jump = New message
page-send-file = Send the file
page-exit-hint = Pressing Esc twice leaves too
page-choices = Choose an answer
page-from-you = You wrote:
page-from-ward = Written to you:
page-place-found = Position found, within about { $metres }{ "\u00A0" }m. Send this place?
page-place-yes = Send this place
page-place-no = Do not send
page-photo = Photo or file

after-file = The file is here. What is it about? A few words are enough.
noted-file = The file is here too. Send more, or press Send now.
after-voice = Your voice note is here, the duty officer will listen to it. Speak on, or write a few words. When done, press Send now.
noted-voice = That voice note is here too. Speak on, or press Send now.
button-go-on = Go on

files-wait = The ward's machine is nearly full, so photos and files are fetched later. Words still arrive at once; please tell more in words.

about-choice =
    How would you like it?
    1. Without a name.
    2. With my name, kept closed.
    3. With my name, result on paper.

    Without a name your tip is entered in the book all the same, but no paper comes about the result. You can change to 2 or 3 at any time; a name that is in the file cannot be taken out.
    Names are locked away: two people must agree to open one; who and why is written down. If the law demands it, investigators may be told.
about-anonymous = no name
button-named = Name, kept closed
button-paper = Name, result on paper
name-ask = Please write your name and phone number in one message. It is locked the moment it comes, apart from your tip.
name-again = No name was found here. Please type your name and phone number, or press Without a name.
name-not-kept = the name was not kept
name-nobody-keeps = The ward has nobody yet who keeps the key to names, so no name is taken here. Your tip is entered in the book all the same.
sealed-name = name locked, number •••{ $hint }
sealed-name-only = name locked
sealed-number = call-back number locked, •••{ $hint }
sealed-noted = Noted: { $what }.
edit-of-sealed = This correction was not kept. To give a name or number anew, please type "neu ten" or "goi lai".
callback-ask = Does the officer on duty need to call you back? If so, type your number. Only the officer who took the tip and the one who handles it can see it, and it is written down who looked.
callback-again = This number could not be read. Please type it like 0912{ "\u00A0" }345{ "\u00A0" }678, or press No need.
callback-none = Noted: no call back needed.
button-no-call = No need
cut-ask =
    After cutting contact the machine forgets this account, and the police cannot write to you. The tip code no longer works, the call-back number is deleted.
    Tips already sent stay in the book. A name you gave stays in the file, under its own lock.

    Cut contact?
cut-done = Contact is cut. The tip code no longer works, the call-back number is deleted. Within ten minutes the machine forgets this account too. A name you gave, if any, stays in the file under its own lock. Better delete this talk from your device.
cut-kept = Contact stays as before.
button-cut-yes = Cut contact
button-cut-no = Keep contact
command-catlienlac = Cut contact, the machine forgets this account
page-open-paper = Open the paper sent along
lookup-open-photo = See the photo sent along
lookup-file-gone = This photo or paper can no longer be opened. Ask for it below if you need it.
