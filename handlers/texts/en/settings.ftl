# Settings of the ward, its beginning, officers who come and go, channels, and how long things are kept.

hub-title = Settings
hub-group-ward = The ward
hub-group-people = People
hub-group-words = Words
hub-group-times = Times
hub-group-machine = Machine and channels
hub-ward = Name of the ward and the unit
hub-ward-help = The name in the greeting and on papers, the address, where the superior police receive people.
hub-ward-named = { $name }
hub-ward-none = No name yet
hub-duty-phone = Duty number
hub-duty-phone-help = What residents call when it is urgent. The Telegram and Zalo doors open with it.
hub-duty-phone-is = { $phone }
hub-duty-phone-none = No duty number yet, running as a trial
hub-places = Neighbourhoods, streets, place codes
hub-places-help = The ward's map by which addresses are understood, and QR codes to hang up.
hub-places-count = { $areas ->
    [0] No neighbourhoods yet
   *[other] { $areas } neighbourhoods, { $marks } streets and places, { $spots } place codes
}
hub-poster = Poster with QR code
hub-poster-help = One A4 sheet to print and hang up: QR code, duty number, 113.
hub-poster-state = Ready to print
hub-officers = Officers
hub-officers-help = Add somebody, change a role, move somebody away, set a new password.
hub-officers-count = { $waiting ->
    [0] { $count } accounts
   *[other] { $count } accounts, { $waiting } without a password yet
}
hub-roster = Roster
hub-roster-help = Patterns that repeat, and single shifts. With no shift the bell calls the chief.
hub-roster-count = { $count ->
    [0] No patterns, somebody is on duty now
    [one] 1 pattern, somebody is on duty now
   *[other] { $count } patterns, somebody is on duty now
}
hub-roster-empty = Nobody stands on the roster now
hub-areas = Who looks after what
hub-areas-help = To whom each neighbourhood and each kind of matter goes first.
hub-areas-state = { $count ->
    [0] Nobody named yet
   *[other] { $count } neighbourhoods and kinds have somebody
}
hub-custody = Custodians
hub-custody-help = Who keeps the keys to senders' names. Two or more are needed.
hub-custody-count = { $count ->
    [0] Nobody keeps a key, so no names are taken
    [one] 1 person keeps a key
   *[other] { $count } people keep a key
}
hub-alarms = Alarms and screen lock
hub-alarms-help = After how long the next person is called, and the screen locks itself.
hub-alarms-state = The screen locks after { $minutes } minutes
hub-categories = Kinds of matters and questions
hub-categories-help = The name of each kind, which stand as buttons, what else is asked.
hub-wordings = Words to residents
hub-wordings-help = Every sentence the machine writes to residents.
hub-ready = Ready sentences for officers
hub-ready-help = To ask, to answer, to close a tip.
hub-procedures = Questions about procedures
hub-procedures-help = Answers about papers, opening hours, addresses.
hub-own = { $count ->
    [0] As it came
    [one] 1 changed by the ward
   *[other] { $count } changed by the ward
}
hub-periods = Periods and days off
hub-periods-help = The law's period of each step, holidays, days worked instead.
hub-periods-count = { $count } periods changed, { $days } days of the ward's own
hub-keeping = How long things are kept
hub-keeping-help = When closed tips, unfinished drafts and traces of messages are shredded.
hub-keeping-state = Closed tips: { $months } months
hub-channels = Channels
hub-channels-help = Web page, Telegram: when something last came, whether the token is good.
hub-channels-well = No channel is refused
hub-channels-shut = { $count } channels need a look
hub-oa-rights = Rights in OA Manager
hub-oa-rights-help = Who reads and answers in the ward's name at Zalo. Looked at once a month.
hub-oa-rights-never = Nobody was named yet
hub-oa-rights-due = Due since { $date }
hub-oa-rights-told = Next before { $date }
hub-machine = Machine
hub-machine-help = Copies, messages the machine could not read, the seal of the history.
hub-machine-well = The last copy is not two days old
hub-machine-worry = No copy for two days

begin-title = Putting the ward on the air
begin-intro = { $count } steps, about 15 minutes. Stop whenever you like: what is done is kept, and this page goes on from there.
begin-missing-title = { $count ->
    [one] 1 step is missing before the ward is on the air
   *[other] { $count } steps are missing before the ward is on the air
}
begin-nothing-missing = Nothing is missing. The ward takes tips.
begin-all-done = Nothing is missing. The ward is on the air.
begin-then-roster = Make the roster
begin-then-queue = Open the queue
begin-over-missing = That was the last step. Still missing: { $count }, named below.
begin-done = done
begin-still-missing = missing: { $why }
begin-do = Do it
begin-go-on = Go on with step { $number } / { $count }
begin-step-of = Step { $number } / { $count }
begin-save = Save and go on
begin-next = Next step
begin-next-later = See the next step, do this one later
begin-skip = Leave this step out
begin-skip-why = Why
begin-skip-button = Leave it out, note it as missing
begin-why-later = will be done later
begin-why-waiting = waits for somebody or something
begin-why-superior = waits for the superior police
begin-why-small = a small ward
begin-why-needed = Choose why this step is left out.
begin-name-needed = Write the ward's name.

begin-phuong = Name of the ward, and where to turn
begin-phuong-short = Name, address, where the superior police receive people
begin-phuong-missing = The greeting has no name yet
begin-phuong-help = Residents see this name in the greeting. Only the name is needed now, the rest can wait.
begin-phuong-without = The greeting says just “ward police”, without a name.

begin-so-truc = Duty number
begin-so-truc-short = What residents call when it is urgent
begin-so-truc-missing = No duty number yet: a trial, the Telegram and Zalo doors are closed
begin-so-truc-help = A phone that somebody answers day and night. It stands in every urgent message and on the poster.
begin-so-truc-without = Without it the ward runs as a trial: every page says so, and the Telegram and Zalo doors stay closed.

begin-dia-ban = Neighbourhoods
begin-dia-ban-short = Paste their names, or bring a CSV file
begin-dia-ban-missing = None yet: addresses are not understood
begin-dia-ban-help = By their names the machine understands where something happened and who looks after it.
begin-dia-ban-without = Residents can still tell where it was, but no neighbourhood is recognised.
begin-areas-names = Names of neighbourhoods
begin-areas-names-help = One a line. Or just how many there are, such as 18: they become Tổ dân phố số 1 to 18.
begin-areas-file = Or a CSV or GeoJSON file
begin-areas-file-help = A file may hold streets, lanes, markets and coordinates, too.
begin-areas-example = See an example of the CSV file
begin-areas-save = Take them in
begin-areas-now = { $count } neighbourhoods so far. See and change them on the page
begin-areas-in = { $count } places added.
begin-areas-nothing = Write names, or choose a file.
begin-area-numbered = Tổ dân phố số { $number }

begin-can-bo = First officers
begin-can-bo-short = Accounts for those on duty and those who work on tips
begin-can-bo-missing = Only one person can take tips
begin-can-bo-help = At least two people must be able to take tips, so that one is there when the other is busy.
begin-can-bo-without = With nobody else only the chief is called, day and night.

begin-niem-phong = Custodians
begin-niem-phong-short = Two people with keys to senders' names
begin-niem-phong-missing = Not yet two people who keep a key
begin-niem-phong-help = Senders' names are locked apart; the machine cannot open them. Two people keep a key, so that no name is lost when one forgets.
begin-niem-phong-without = With nobody only anonymous tips are taken. With one who forgets, all names are lost.
begin-keys-1 = Choose a custodian below. The chief names the first, custodians propose the next.
begin-keys-2 = Whoever is chosen signs in with their own account, opens the page Sealed, sets a passphrase and prints the recovery sheet.
begin-keys-3 = Put the recovery sheet into a signed envelope. From the second on, a custodian confirms face to face.
begin-keys-makes = Ask { $name } to sign in with their own account. A line at the top of the page leads to the passphrase.
begin-keys-confirms = Ask { $names } to sign in, open the page Sealed and confirm, with { $name } present.
begin-keys-others = From here on only custodians can propose the next one. Ask { $names } to sign in and open the page Sealed, part “Add a custodian”.
begin-keys-look = It is done, look at this step again
begin-keys-open = Open the page Sealed in a new tab, then come back here

begin-giu-rao = Who reads tips about the ward police
begin-giu-rao-short = One person of the superior police
begin-giu-rao-missing = Nobody reads tips about the ward police themselves
begin-giu-rao-help = Tips about officers of the ward are read by nobody of the ward. Somebody of the superior police needs an account for them.
begin-giu-rao-without = Without this person such tips are not taken; people are told where to find the superior police.
begin-fence-none = For now people are told to turn elsewhere.
begin-fence-address = They are told: { $address }
begin-fence-no-address = Where the superior police receive people is not written down yet. Do it in the step
begin-add-keeper = An account for somebody of the superior police

begin-kenh = Channels
begin-kenh-short = Web page, Telegram: try them here
begin-kenh-missing = Residents cannot reach it from outside yet
begin-kenh-help = Tokens are set on the machine and shown nowhere. A press tells whether a token is good.
begin-kenh-without = Without a web address or Telegram only machines in this room open the page.

begin-to-dan = Poster with QR code
begin-to-dan-short = To print and hang up at the office, the market, the community house
begin-to-dan-missing = The poster is not printed yet
begin-to-dan-help = One A4 sheet: a large QR code, the duty number, 113. Scan it with a phone before you hang it up.
begin-to-dan-without = Residents do not know the way in.
begin-poster-open = Open the poster to print it
begin-poster-hung = It is printed and hangs

ward-field-name = Name of the ward
ward-field-unit = Name of the unit on papers
ward-field-province = Superior police, the first line on papers
ward-field-address = Address of the office
ward-field-superior = Where the superior police receive people
ward-field-duty_phone = Duty number
ward-help-unit = Left empty it reads “Công an phường{ $ward }”.
ward-help-province = For example: Công an thành phố Hải Phòng
ward-help-address = Where people come in person. Printed on the poster.
ward-help-superior = Name, address, phone. Where people are sent with what concerns the ward police themselves.
ward-help-duty = Write it like 0225 3123 456. Call it once before you save.
ward-fixed = Set on the machine and not to be changed here. Ask who looks after the machine.

officers-add-title = Add an officer
officers-role = Role
officers-typed-password = Type a first password
officers-first-password = First password
officers-first-password-help = Left empty, a link is made by which the officer sets a password. Typed, it needs at least { $least } characters.
officers-add-button = Add the officer
officers-name-needed = Write the full name.
officers-link-waits = no password yet
officers-link-again = New password
officers-link-again-help = A new link is made, good once, for three days. The old password works until it is used.
officers-link-button = Make a link
officers-change-role = Change the role of { $name }
officers-change-role-help = They have to sign in again. What the new role may not have in hand goes to the list “Unassigned”.
officers-change-role-button = Change the role
officers-move = Moving away
officers-moved = { $name } has moved away. The account is closed, the work is handed over.
role-help-chief = Reads every tip of the ward, approves, hands out, changes settings. Does not read tips about the ward police.
role-help-duty = Takes tips, enters them, asks and answers, stands on the roster.
role-help-handler = Reads and works on the tips that were given to them.
role-help-keeper = Somebody of the superior police. Reads tips about the ward police and nothing else.
role-help-inspector = Sees, and changes nothing. Names are masked.
role-help-custodian = Keeps a key to names. Reads no tips.
role-help-administrator = Looks after machine, channels, map. Reads no tips.
step-officer-moved = { $name } moved away
step-officer-role-changed = The role of { $name } changed
step-officer-link-made = A link to a password for { $name }

officer-key-title = For { $name }
officer-key-once = Shown this once. Hand it over in person, or print it.
officer-key-link = Link to set a password
officer-key-link-help = Good once, for three days. Whoever has it can set the password, so do not send it to a group.
officer-key-here = The officer is here: set the password on this machine
officer-key-password-help = Tell the officer in person, do not send it to a group.
officer-key-back = Back
officer-key-done = Handed over, back
own-password-title = Set a password
own-password-intro = The login is { $login }. Nobody else knows this password.
own-password-button = Set the password
own-password-over = This link was used, or is older than three days. Ask the chief for a new one.

moving-title = { $name } moves away
moving-first = Not yet. First:
moving-will = The button at the end does this:
moving-sessions = { $count ->
    [0] The account closes; nobody gets back in with it.
    [one] The account closes and is signed out at once on 1 machine; nobody gets back in with it.
   *[other] The account closes and is signed out at once on { $count } machines; nobody gets back in with it.
}
moving-chats = Linked phones are cut off: { $count }.
moving-key = Their sealing key ends. Propose a new custodian right away on the page Sealed.
moving-areas = They look after { $count } neighbourhoods or kinds of matters no more. Whoever takes the tips takes these, too.
moving-kept = Tips, books and history keep their name.
moving-tips = { $count ->
    [0] No open tips
    [one] 1 open tip
   *[other] { $count }{ $more } open tips
}
moving-fenced-title = Tips about the ward police
moving-fenced = This page does not show them. Open ones go to whoever else of the superior police reads them.
moving-taker-other = Whoever else reads them
moving-tips-see = See them
moving-tips-more = { $count } more.
moving-urgent = urgent
moving-due = due { $time }
moving-taker = Who takes the tips
moving-taker-none = Nobody yet, the chief hands them out
moving-taker-help = What that person may not read goes to the list “Unassigned”.
moving-shifts = { $count ->
    [one] 1 shift ahead
   *[other] { $count } shifts ahead
}
moving-empty = With nobody in their place, these { $count } shifts stand empty:
moving-running = running now
moving-server = Who stands in on the roster
moving-server-none = Nobody yet
moving-server-help = With nobody chosen the second officer moves up where there is one. An empty shift calls the chief.
moving-sure = I have read this. { $name } works for this ward no more.
moving-sure-own = I have read this. It signs me out, and only another chief can undo it.
moving-button = Moving away
moving-tick = Tick “I have read this” and press again.
moving-no-role = Choose a role.
moving-own-role = Nobody changes their own role. Ask another chief.
moving-last-chief = This is the only chief. Add another one first.
moving-last-chief-do = { $name } is the only chief. First add a chief's account for whoever comes after them.
moving-last-keeper = Nobody else reads tips about the ward police. Ask the superior police for another person first.
moving-last-keeper-do = Only { $name } reads tips about the ward police. Ask the superior police for somebody else and add an account for them.
moving-last-custodians = They keep one of the last two keys. A new custodian is needed first.
moving-last-custodians-do = { $name } keeps one of the last two keys. { $who } proposes a new custodian on the page Sealed; the new one sets a passphrase, and { $who } confirms.
moving-only-custodian = They keep the only key. Two other custodians are needed first.
moving-only-custodian-do = { $name } keeps the only key. { $name } proposes two new custodians on the page Sealed; each sets a passphrase, and { $name } confirms. Closed before that, every name is lost.
moving-role-keeps-key = They keep a key, and the new role may not. They have to step down on the page Sealed first.

channels-title = Channels
channels-intro = Every door by which residents write.
channels-open = open
channels-off = not switched on
channels-closed = still closed
channels-shut = does not get through
channels-look = needs a look
channels-trial = There is no duty number yet, so the Telegram and Zalo doors are closed.
channels-web-at = Residents open:
channels-web-local = There is no address for people outside yet. Whoever looks after the machine sets:
channels-zalo_oa-how = Needs a verified OA that is linked to an app at developers.zalo.me. The administrator sets the app's id on the server beside its secrets, and restarts:
channels-telegram-how = Make a bot with @BotFather on Telegram; then whoever looks after the machine sets the token and starts it again:
channels-zalo_bot-how = In the Zalo app look for “Zalo Bot Manager” and make a bot (its name begins with Bot); then whoever looks after the machine sets the token and starts it again:
channels-zalo_bot-small = The basic plan of Zalo Bot takes about 50 people: for a trial, or a very small ward.
channels-permit = Permit this machine
channels-permit-how = The administrator of the OA opens Zalo's page within 10 minutes, picks the ward's OA and allows it. Zalo then leads back here.
channels-permit-open = Open Zalo's page
channels-permit-no-address = Zalo needs this machine's https address. The administrator sets it on the server:
channels-permitted-well = The OA's permission is here. Answers that wait go out within minutes.
channels-permitted-old = This permission is older than 10 minutes, or was used. Press "Permit this machine" to begin anew.
channels-permitted-refused = Zalo gave no token. Look at the app's id and the app's secret on the server, then begin anew.
channels-permitted-unreachable = Zalo cannot be reached. Try again in some minutes.
channels-last-in = Last received
channels-last-out = Last sent
channels-never = nothing yet
channels-access-until = Access token good until
channels-refresh-until = The OA's permission until
channels-until-unknown = not known yet, Zalo is being asked
paid-used = Billed messages this month
paid-used-of = { $used } / { $ceiling }
paid-none = none are sent
paid-remains = Left in the OA's package
paid-remains-told = { $count } messages, as Zalo said at { $time }
paid-ceiling = At most so many billed messages a month
paid-ceiling-help = Within 48 hours after a resident wrote, answers are free. After that, until the seventh day, Zalo bills each message; long words are several messages. With 0 nothing is sent: words wait until the resident writes again. The last fifth is kept for urgent matters and officers' questions.
paid-wrong-figure = This figure cannot be used. Enter a number from 0 to { $most }.
paid-chief-only = The chief sets this figure.
step-paid-ceiling-set = Set the figure for Zalo's billed messages: { $what } a month
step-zalo-permitted = Gave this machine the OA's permission
channels-withheld = { $count } times since the start { $channel } told of a message without its words and sender, so nobody was answered. Put the duty number and 113 where the bot is made known.
channels-late = These times are some 20 seconds late. Copies, and messages the machine could not read, stand on the page
channels-try = Try the token
channels-tried-well = The token is good. { $channel } knows this machine as “{ $name }”.
channels-tried-token = { $channel } refuses the token. Get it again from @BotFather (command /token); whoever looks after the machine sets it and starts it again:
channels-tried-token-zalo_bot = { $channel } refused the token. Get it anew from “Zalo Bot Manager”; whoever looks after the machine sets it and starts again:
channels-tried-token-zalo_oa = { $channel } refuses the token. The administrator of the OA permits the app anew at developers.zalo.me (API Explorer, version 4); the new token is set on the server, then restart:
channels-tried-taken = The token is good and the name is “{ $name }”, but another program reads this bot's messages. Stop that program.
channels-tried-unreachable = { $channel } did not answer within 10 seconds. Look at the machine's network and try again.

oa-rights-title = Who holds rights in OA Manager
oa-rights-intro = Whoever has rights in OA Manager reads every message together with the sender's account, and can answer in the ward's name. There should be one custodian and one deputy, no more.
oa-rights-off = This ward has no Zalo Official Account switched on, so there is nothing to ask here.
oa-rights-never = Nobody was named yet. Look in OA Manager and write it down here.
oa-rights-was = Last looked at { $date }. Next before { $next }.
oa-rights-saved = Written down. Next time before { $date }.
oa-rights-outside = In 30 days { $count } messages went to residents that did not go through this page, the last at { $time }. Ask who holds rights: who answered, and about which tip. What should be kept, write into the tip.
oa-rights-where = Open the OA's administrators in OA Manager and read all the names. Take away the rights of whoever should not have them first, then write it down.
oa-rights-custodian = Custodian
oa-rights-name-help = Name and position.
oa-rights-deputy = Deputy
oa-rights-deputy-help = Leave it empty while there is none.
oa-rights-automatic = What the OA says by itself
oa-rights-automatic-help = Copy the greeting and the automatic answers that are set in OA Manager, an empty line between them. So the machine does not take them for somebody's answer.
oa-rights-tell = Looked at, write it down
oa-rights-before = Before
oa-rights-by = { $name }, { $time }
oa-rights-custodian-needed = Name the custodian.
oa-rights-same = The deputy has to be somebody else.
oa-rights-due = Due since { $date }: who holds rights in OA Manager?
oa-rights-overdue = Overdue since { $date }: who holds rights in OA Manager? Whoever does reads every message together with the account.
oa-rights-due-never = Nobody has written down who holds rights in OA Manager. Whoever does reads every message together with the account.
oa-rights-answer = Look and write down

poster-no-way = There is no web address, no Zalo and no Telegram yet, so the poster has no QR code.
poster-no-duty = There is no duty number yet, so the poster names only 113.
poster-by-zalo = Or write on Zalo
poster-by-telegram = Or write on Telegram

keeping-title = How long things are kept
keeping-intro = After this time the keys are destroyed: nobody can open words, photos and names any more. The line in the book and the history stay.
keeping-keep-drafts = Unfinished drafts
keeping-keep-drafts-help = Somebody began to tell and left. A tip that reached an officer is not shredded by this.
keeping-keep-closed = Closed tips
keeping-keep-closed-help = From the day they were closed. No text fixes it; 24 months leave room to compare with last year and to answer complaints.
keeping-keep-logs = Traces of messages
keeping-keep-logs-help = Marks of what was received, sent and called; no words. At least 30 days, because channels repeat.
keeping-wrong-figure = This figure cannot be used. Write one within the bounds below the field.
keeping-doomed = I understand that { $count } closed tips are shredded at once and cannot be brought back.
keeping-doomed-many = I understand that more than { $count } closed tips are shredded at once and cannot be brought back.
keeping-always-title = Cannot be changed
keeping-always-books = Both books and the history: for ever.
keeping-always-numbers = Call-back numbers: shredded when the tip is closed.
keeping-always-thread = The thread on the web page: { $days } days, then the resident's device cannot open it either.
keeping-always-copies = Older copies hold what was shredded until the last copy from before is gone.
step-keeping-changed = How long is kept: { $what }
step-keeping-taken-back = Back to ours: { $what }
