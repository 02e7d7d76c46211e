# What warnings are written from, and what keeps wrong words out of them: read at the desk, and in a leader's own chat.

found-phone = Phone number “{ $words }”. Only the duty number, 111 to 115 and the State's own may stand here.
found-account = Bank account “{ $words }”. Residents do not need it to be careful.
found-card = Card number “{ $words }”.
found-id = Number of somebody's papers “{ $words }”.
found-number = The number “{ $words }” may be somebody's.
found-plate = Licence plate “{ $words }”.
found-mail = E-mail address “{ $words }”.
found-link = Link “{ $words }”. Only the ward's own site, or one that ends in .gov.vn.
found-handle = Account on a network “{ $words }”.
found-address = Address “{ $words }”. The street or the neighbourhood is enough.
found-name = Name of a person “{ $words }”.
found-initials = Initials “{ $words }”: who knows them guesses who it is.
found-promise = “{ $words }”: the line neither promises nor threatens like this.
found-arrest = “{ $words }”: a warning does not tell who was arrested.
found-asks = “{ $words }”: police never ask for this. Impostors do.
found-summons = “{ $words }”: whoever is to come gets a letter, not a post in a group.
found-blank = “{ $words }”: a blank that was not filled in.
found-blame = “{ $words }”: it sounds as if residents were to blame.
found-spam = “{ $words }”: like an advertisement; networks may hold it as spam.
found-plain = “{ $words }”: people say “{ $instead }”.
found-odd-letters = “{ $words }”: a strange letter that only looks like a usual one.
found-unread = Too long to be checked to the end.
found-leads-back = “{ $words }”: a tip has this detail too; it may give away who told it.
found-too-soon = In two days there was only one tip about this. Wait, and tell fewer details, or who told it may be guessed.

ground-consent = Whoever is named agreed in writing
ground-life = To save life or health in an emergency
ground-wanted = There is a wanted notice
ground-missing = Search for a missing person, at the family's request
ground-published = Published by the competent authority
ground-asked = Requested in writing by the investigating body
ground-law = Another law allows it (name article and clause)

warning-never-said = Something in it is never said by the line. Change the marked places.
warning-needs-ground = Something in it belongs to one person. Leave it out, or name the legal ground for keeping it.
warning-ground-words = Say why it must stay, in 15 to 500 characters.

warning-template-refused = This template was not kept: something in it has to be changed.
warning-template-name = The name of a template has no person, number or address in it.
warning-template-gone = This template is gone.
warning-template-too-many = The ward has 60 templates of its own. Take out some that are hardly used.

campaign-gone = This day is no longer in the calendar.
campaign-days = The last day must not lie before the first one, nor more than a year after it.
campaign-name = Give it a name of at most 80 characters.
campaign-before = Remind from 0 to 60 days before.
campaign-too-many = The calendar has 100 days of the ward's own. Take out some old ones.
campaign-how = Choose written or not needed.
campaign-written = Written
campaign-not_needed = Not needed
campaign-holidays = Holidays: { $name }

thanks-headline = { $month }: { $count } tips from residents
thanks-headline-few = { $month }: thank you, residents
thanks-month = { $month }
thanks-where-ward = people of the ward
thanks-where-home = people of { $home }
thanks-count = { $month }: { $where } sent { $count } tips to the ward police.
thanks-count-few = { $month }: thank you, { $where }, for keeping your eyes open.
thanks-themes = Most were about { $themes }.
thanks-theme = { $theme } ({ $count })
thanks-done = { $count } tips were settled, or passed on to whoever settles them.
thanks-line-more = Whatever looks odd, tell the ward police; no name needed.
thanks-line-urgent = If it is urgent, call 113 or the duty desk.

history-warning-template-kept = Changed a template of warnings
history-warning-template-hidden = Hid a template of warnings
history-warning-template-shown = Showed a template of warnings again
history-warning-template-taken-back = Took back an original template of warnings
history-campaign-kept = Changed the calendar of campaigns
history-campaign-removed = Took a day out of the calendar
history-campaign-settled = Marked a day: written, or not needed
history-campaign-reopened = Took a mark off a day
