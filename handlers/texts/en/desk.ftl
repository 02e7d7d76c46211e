# The duty desk speaks to officers: plain, says what to do.

desk-title = Reports
desk-skip = To the content
desk-sign-out = Sign out
desk-trial = Trial: no duty number yet, the Telegram and Zalo doors stay closed.
door-token = Since { $time } { $channel } refuses the token: messages by { $channel } do not arrive, and answers do not leave. Ask the administrator to set it anew.
door-taken = Since { $time } another program takes the messages of { $channel }: they may not arrive here. Ask the administrator to stop it.
door-unreachable = Since { $time } this machine does not reach { $channel }: messages have not arrived, and answers have not left. Ask the administrator to look at the network.
door-broken = Since { $time } this machine fails when it fetches the messages of { $channel }: they have not come in. Ask the administrator to look at the error log.
door-quota = Since { $time } { $channel } says that its plan's messages are used up: answers through { $channel } wait. Whoever looks after the machine takes a larger plan, or it waits for the next month.
door-webhook = Since { $time } { $channel } cannot reach the ward's web address: messages through { $channel } do not come. Whoever looks after the machine checks the address, or changes to polling.
door-authorise = Since { $time } { $channel } refuses the token: messages still arrive, but answers do not leave. Ask the administrator to open the page of channels and to press "Permit this machine" together with the administrator of the OA.
door-account = Since { $time } { $channel } refuses to send because of the package or the permissions of the OA: messages still arrive, but answers wait. Ask the administrator of the OA to look at both in Zalo's console.
door-money = Since { $time } { $channel } sends nothing that costs: the account's purse or package is empty. Messages still arrive, answers within 48 hours still go; later ones wait until the resident writes. Whoever looks after the OA pays in, or the figure is set to 0 on the page Channels.
door-quiet = At { $time } it was noticed that { $channel } has been silent for much longer than usual: residents' messages may not come here any more. Whoever looks after the OA opens Webhook of the app on developers.zalo.me, switches it on again if Zalo has switched it off, and writes a word to the OA.
door-unsigned = Since { $time } messages come to the door { $channel } whose signature does not match. They are kept apart for a day, read by nobody. Ask the administrator to look at the OA's secret key (KENG_ZALO_OA_SECRET_KEY).
door-by_hand = Since { $time } words went to residents from { $channel } that did not go through this page: somebody answers in OA Manager, or another program does. Those words do not stand in the tip's record. The chief should ask who holds rights there.
door-missed = Since { $time } there are messages at { $channel } that could not be fetched, because they are too old or Zalo calls them by other ids. Whoever holds rights should read in OA Manager what came while the machine was down, and enter the tips.
door-silent = Since { $time } { $channel } does not bring messages by itself. The machine asks Zalo every 5 minutes, so tips come late. Ask the administrator of the OA to switch the webhook on again at developers.zalo.me.
desk-to-list = All reports
desk-not-yours = This role may not see that part.
desk-form-old = This page was open for long. Reload it and try again.
desk-unreadable = What was sent could not be read. Reload the page and try again.
desk-no-tip = There is no such report.
desk-nowhere = There is no such page.

desk-deaf-out = You are signed out: this screen gets no reports and does not ring.
desk-deaf-sign-in = Sign in again
desk-deaf-off = The server cannot be reached: this screen gets no reports and does not ring. Look at the network, or tell the administrator.

kept-title = Sign in again
kept-old-title = This was written before the last sign-in
kept-help = What you wrote was not kept and not sent to anybody. It stands below, whole.
kept-sign-in = Sign in, in a new tab
kept-again = Signed in, go on
kept-again-as = Send again, as { $name }
kept-again-help = A photo or file that was chosen has to be chosen again.
kept-copy = Copy what stands below, open the page again and paste it.
kept-left-title = Words you had not sent
kept-left-help = The screen locked before these were sent. Only their writer sees them, for a day.
kept-left-page = Back to the page
kept-left-done = Copied, drop them
kept-words = What you wrote

sign-in-title = Sign in
sign-in-button = Sign in
sign-in-wrong = The name or the password is not right. Please type them again.
sign-in-too-many = Too many wrong tries. Wait 15 minutes, or ask the chief for a new password.

set-up-title = First start
set-up-intro = Make the first chief's account and give the ward its name. This link works once.
set-up-button = Make the account
set-up-closed = This link was used or is no longer valid. Sign in with an existing account.

field-login = Login
field-password = Password
field-again = Password again
field-name = Full name
field-ward = Name of the ward
field-duty = Duty number
help-login = Small letters without marks, digits, dots. For example: chi.huy
help-password = At least { $least } characters. A short sentence is good.
help-ward = The name alone, without the word "ward". For example: Hồng Bàng
help-duty = Left empty, the line runs as a trial: the Telegram and Zalo doors stay closed.

mistake-login = A login has 2 to 40 small letters without marks, digits or dots.
mistake-login-taken = This login is taken. Choose another.
mistake-password-short = The password is too short or too uniform. It needs at least 10 characters.
mistake-password-login = The password must not contain the login.
mistake-password-again = The two passwords differ.
mistake-phone = The duty number could not be read. Write it like 0225 3123 456.
mistake-no-officer = There is no such account.

role-chief = chief
role-duty = duty officer
role-inspector = inspector

tips-none = No reports yet. A quiet shift.
tips-news = new, press to see
tips-older = Older
state-new = Not read
state-accepted = Read
state-shredded = Shredded
category-unknown = Kind not given
channel-webchat = Web page
channel-telegram = Telegram
channel-zalo_bot = Zalo Bot
channel-zalo_oa = Zalo OA
channel-zalo_visitor = Zalo OA (visitor, not signed in)

tip-words = What was told
tip-no-words = Only photos or files, no words.
tip-added = added later
tip-files = Photos and files
tip-photo = Photo { $number }
tip-copies = What opens here are copies, without data of the camera or the place. The originals are kept as they came.
tip-facts = Facts
tip-arrived = Arrived
tip-channel = Through
tip-place = Place
tip-about = Reporter
tip-anonymous = anonymous
tip-history = History of this report
tip-accept = Read, taken on
tip-accept-help = The reporter will be told that the officer on duty has read it.

file-kind-photo = Photo
file-kind-video = Video
file-kind-voice = Recording
file-kind-file = File
file-note-waiting = being fetched
file-note-trying-again = not fetched yet, being tried again
file-note-stored = the original is kept; it cannot be opened here yet
file-note-failed = could not be fetched; the reporter was asked to send it again
file-note-gone = no longer where it was; the reporter was asked to send it again
file-note-unreachable = could not be fetched; the reporter was asked to send it again
file-note-channel-closed = its channel is closed, not fetched yet
file-note-here = could not be handled on this machine; the original may still be where it was
file-note-too-big = too large to be received; the reporter was told
file-note-too-many-pixels = an extraordinary number of pixels, not opened; the original is kept
file-note-not-what-it-claims = called a photo but is none; the original is kept
file-note-unknown-type = of an unknown type, not opened; the original is kept
file-note-broken = broken, could not be opened; the original is kept
file-note-empty = empty
file-note-shredded = its key was destroyed; it cannot be opened any more

history-draft-opened = Began to tell
history-arrived = Sent
history-added = Added words
history-file-added = Added a file
history-file-stored = File kept
history-file-refused = File could not be opened
history-file-failed = File could not be fetched
history-accepted = Read, taken on
history-words-read = Words read on the command line
actor-resident = reporter
actor-system = machine
actor-officer = officer
actor-command-line = command line

lookup-title = Look up a report
lookup-field = Receipt code
lookup-help = For example: TB-1234-5678-9ABC, in small or capital letters.
lookup-button = Show
lookup-to-chat = Write to the ward police
lookup-unreadable = This code could not be read. Please check each character.
lookup-too-many = Too many wrong tries. Wait 15 minutes and try again.
lookup-more = Add to this tip
lookup-more-help = The duty officer reads this. The buttons to skip or to complain are only in the chat that sent the tip.
lookup-add = Add
lookup-added = Added to tip { $code_tail } at { $time }. The officer on duty sees it with the tip.
lookup-other = Look up another code

disk-low = { $percent }% of the disk is free. Tell whoever looks after the machine to clear or add space.
disk-no-new-files = { $percent }% of the disk is free: the web page takes no new photos, photos on other channels wait where they were sent. Words are still taken. Tell whoever looks after the machine now.
disk-no-files = { $percent }% of the disk is free: no photos are taken any more. Words are still taken. Tell whoever looks after the machine now.
disk-reserve = The reserve is in use.

tip-voice = Voice { $number }
tip-video = Video { $number }
tip-download = Download document { $number }
tip-download-help = without its author's name; the download is noted
file-note-no-copy = this type of file cannot be copied here; the original is kept
file-note-in-part = Only a part can be heard: the file is damaged or too long. The original is kept.
file-note-locked = the document has a password and cannot be opened; the original is kept
history-viewed = Viewed
history-file-downloaded = Document downloaded

find-title = Search reports
find-label = Search reports
find-placeholder = Words, phone, plate…
find-button = Search
find-nothing-asked = Type words, a phone number, an account, a plate or a link. Put a phrase in quotation marks to find it in this order.
find-count = tips match
find-none = No tip matches. Try fewer words; with or without marks is the same.
find-cut = what was too long was left out
desk-closed = This machine was just restored from a copy. The doors and the delivery of answers are still closed.
desk-closed-open = Look and open
desk-closed-ask = The chief opens it again on the page Machine.

aside-came = A message came that the machine could not read, and its sender has no answer.
aside-title = Messages the machine could not read
aside-help = It tried three times. The content is still sealed, and nobody can see it here. Give the error id to whoever writes the software.
machine-title = Machine
machine-see = Look
machine-closed-title = Closed, waiting to be opened
machine-closed-from = This machine was restored from the copy { $snapshot }, made at { $time }.
machine-closed-doors = The web page and Telegram take no messages yet. No answer is sent.
machine-closed-why = With two machines running, residents may get two different answers. Switch the old machine off for good before this one is opened.
machine-held =
    { $count ->
        [one] { $count } answer was waiting when the copy was made:
       *[other] { $count } answers were waiting when the copy was made:
    }
machine-held-send = Send when opened
machine-held-send-help = The old machine may have sent them already; residents then get them twice.
machine-held-leave = Keep them, do not send
machine-held-leave-help = Residents may miss an answer. Looking up their code still shows where the report stands.
machine-held-left = { $count ->
        [one] { $count } answer is kept and not sent.
       *[other] { $count } answers are kept and not sent.
    }
machine-old-is-off = The old machine is off for good
machine-old-is-off-help = Seen on the spot, or confirmed by whoever looks after it.
machine-open = Open again
machine-mistake-tick = Not opened yet: "The old machine is off for good" is not ticked. Check the old machine, then tick it.
machine-mistake-held = Not opened yet: choose whether the waiting answers are sent or kept.

copies-title = Copies
copies-worry-line = No new copy for two days.
copies-worry = No new copy for two days. If the machine broke now, whatever came after the last copy would be lost.
copies-worry-none = There is no copy. If the machine broke now, every report would be lost.
copies-failed = At { $time } the machine could not finish a copy. It tries again every 15 minutes.
copies-failed-folder = The folder could not be written: look whether the disk is there and has room.
copies-failed-busy = Another copy into that folder is under way.
copies-failed-other = The reason stands in the machine's log, at backup_failed.
copies-newest = Newest
copies-oldest = Oldest
copies-count = Number
copies-place = Kept in
copies-size = Size of the newest
copies-files = { $count ->
        [one] { $count } file
       *[other] { $count } files
    }
copies-none = There is no copy yet.
copies-forgetting = A report whose key was destroyed is gone for good only when every older copy is gone.
copies-how-title = Making a copy
copies-how-nightly = Every night at 02:00 the machine makes one in { $folder }.
copies-how-set = To have one made every night, set KENG_BACKUP_TO to a folder on another disk and start again.
copies-how-now = To make one now, type on the machine:
copies-how-key = A copy opens with the master key alone. Keep the master key somewhere else, not with the copies.
age-minutes = { $number ->
        [one] { $number } minute ago
       *[other] { $number } minutes ago
    }
age-hours = { $number ->
        [one] { $number } hour ago
       *[other] { $number } hours ago
    }
age-days = { $number } days ago

history-named = Gave a name, sealed
history-contact-cut = The resident cut contact
history-shredded = Content shredded at the end of its time
actor-restore = restored from a copy
tip-named = gave a name, sealed
tip-named-paper = gave a name, sealed; wants the result on paper
tip-shredded = The content of this report was shredded at { $time }, at the end of its time; nobody can open it again. The line in the book and the history stay.
tip-shredded-line = Its content was shredded at the end of its time.
tip-damaged = Some of this report does not open: its data in the machine is damaged or was changed. Leave the machine as it is, tell the chief, and have whoever looks after the machine run ./keng verify.
tip-damaged-line = Does not open, its data is damaged or was changed
tip-damaged-part = something does not open
tip-contact-cut = has cut contact and cannot be written to

head-title = Today's mark of the history
head-help = Copy this mark into the shift book every day. To check later, type the command below on the server with a mark that was copied: if the history was cut or written anew, it says so.

officers-title = Officers
officers-intro = Who has an account here. Whoever works here no more is moved away. Of somebody who is away for long, or whose password got out, close the account; it can be opened again at any time.
officers-close-help = They are signed out everywhere at once and cannot come back in. Names or originals they asked for or have open are closed too. Reports and history keep their name.
officers-close-keeper = They keep a sealing key: while the account is closed, that key opens nothing.
officers-why = Why
officers-close-button = Close the account
officers-closed = Closed accounts
officers-closed-since = closed { $time }
officers-reopen = Open the account of { $name } again
officers-reopen-help = They sign in with the old password. If it was closed because the password got out, set a new one right after opening.
officers-reopen-keeper = Their sealing key opens again what was given before the account was closed. For names given meanwhile, ask another custodian.
officers-reopen-button = Open again
officers-steps = What happened to accounts
closing-left = moved or left the service
closing-away = away for long
closing-exposed = password got out, or device lost
closing-other = another reason
step-officer-added = Added the account of { $name }
step-officer-closed = Closed the account of { $name }
step-officer-reopened = Opened the account of { $name } again
actor-set-up-link = set-up link
mistake-closing-reason = Choose why the account is closed.
mistake-last-chief = This is the only chief. Add another chief first.
mistake-officer-closed = This account is closed. The chief opens it again on the page Officers; then set the password.

ways-title = The way to the receipt
ways-line = usually { $together } taps and messages ({ $taps } taps, { $messages } messages); { $short } of { $tips } tips needed no more than 3
ways-help = Of the last 100 tips of each door, without who sent them. The plainest tip needs 3; when the figure climbs, the questions are in people's way.
ways-none = There is no tip to count yet.

desk-too-big = That was too much at once; nothing of it was taken.
desk-not-stored = The machine cannot store anything just now. Nothing has changed.
desk-broken = Something went wrong and this was not done. Error: { $id }.
sorry-role = If this has to be done, ask the chief or somebody with that role.
sorry-again = Open the page again, look at what you chose or typed, and send it once more.
sorry-gone = The address may be incomplete, or somebody has just changed it. Look for it from the list.
sorry-changed = Its time is over, or somebody was quicker. Open the page again to see how things stand.
sorry-smaller = Choose a smaller file, or send it in parts.
sorry-wait = Wait 15 minutes and try again. If it cannot wait, ask a colleague of the shift.
sorry-broken = Try once more. If it fails again, note the error number and tell whoever looks after the machine. If it is urgent, phone; do not wait for the machine.
sorry-busy = Wait some seconds and try again. If it lasts longer than a minute, tell whoever looks after the machine; if it is urgent, phone.
sorry-room = The disk is nearly full. Tell whoever looks after the machine at once; messages are still taken.
sorry-else = Go back and try again. If it is unclear, press the question mark at the top.
sorry-open-again = Open the page again
sorry-try = Try again
sorry-home = To the first page
empty-see-new = See what waits to be entered
empty-type-again = Type again
empty-how = How it is done
book-day-never = No day has been checked yet. Copy to the paper book, then check.
wait-begun = Working…
wait-going = Working, { $secs } seconds so far. Please leave the page open.
wait-long = Working, { $secs } seconds so far, longer than usual. After 2 minutes open the page again to see whether it is done.
