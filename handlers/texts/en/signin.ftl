# Signing in at a duty computer that the shift shares: second factor, PIN, remembered computers, sessions, let in for one shift.

second-title = Second factor
second-ask = The password is right. Now the code, please.
second-code = Code
second-code-help = The 6 digits on the phone. Phone lost: a code from the recovery sheet, or the 8 digits the commander on duty reads out.
second-code-with = Type the code at once
second-code-none = Leave it empty if none is set yet.
second-trust = Remember this computer for { $days } days
second-trust-help = Only on the ward's duty computers. Next time, whoever has signed in fully here types just their own PIN.
second-trusted = This is { $name }. It is remembered already.
second-enter = Enter
second-wrong = The code is wrong or was used already. Wait for the next one on the phone and type it.
second-too-many = Too many wrong codes. Wait 15 minutes, or ask the commander on duty to let you in for one shift.
second-too-late = More than 5 minutes have passed. Type login and password again.
second-back = Back to signing in

pin-title = Quick entry by PIN
pin-who = Who enters
pin-field = PIN
pin-enter = Enter
pin-help = Everybody types their own PIN.
pin-wrong = Wrong PIN. { $left } tries left.
pin-full = The PIN does not work right now. Type login, password and code.
pin-whom = Choose the name first, then type the PIN.
pin-not-here = This computer is not remembered. Type login and password.
pin-other = Enter by password

lock-by-password = Unlock by password
lock-counts = Urgent: { $urgent } · Waiting: { $count }

setting-title = Set a second factor
setting-why = Who learns the password still cannot come in: the code on the phone is missing.
setting-days = No second factor yet. Set one within { $days } days.
setting-now = The time to set a second factor is over. Set it to go on working.
setting-now-locked = The gong of the duty computer goes on. What is urgent goes to somebody of the same shift.
setting-later = Later
setting-app = 1. Open an authenticator app on the phone
setting-app-help = Any will do, for instance Google Authenticator or Microsoft Authenticator. It needs no network.
setting-scan = 2. Scan this picture
setting-type = If it cannot be scanned, type these letters into the app:
setting-confirm = 3. Type the 6 digits it shows
setting-confirm-button = Set the second factor
setting-done = The second factor is on, set at { $time }.
setting-phone-clock = If the code is always wrong, look at the phone's clock: switch automatic time on.

sheet2-title = Recovery codes
sheet2-once = This sheet is shown once. Print or copy it now, then leave the page.
sheet2-print = Print
sheet2-of = Of
sheet2-date = Date
sheet2-use = When the phone is lost, type one of these as the code. Each works once; cross it out then.
sheet2-keep = Keep it in an envelope, not on the duty desk, and take no photo of it.
sheet2-done = It is put away

mine2-title = My computers and sessions
mine2-intro = Second factor, PIN, and where you are signed in. End a session you do not know at once, and tell the chief.
mine2-second = Second factor
mine2-second-none = None is set.
mine2-second-set = Set a second factor
mine2-second-on = On since { $time }
mine2-second-change = Change to another phone
mine2-second-change-help = Type the password and a code of the old phone, or one from the recovery sheet. Then set it on the new phone.
mine2-second-change-button = Change the phone
mine2-recovery = Recovery sheet
mine2-recovery-left = { $count ->
        [0] All codes are used up. Make a new sheet.
        [one] One code is left.
       *[other] { $count } codes are left.
    }
mine2-recovery-new = Make a new sheet
mine2-recovery-help = The old sheet stops working at once.
mine2-pin = PIN
mine2-pin-none = No PIN yet. With one it takes a few seconds to enter at a duty computer.
mine2-pin-on = Set at { $time }
mine2-pin-first = Set a second factor first; then a PIN can be used.
mine2-pin-let-in = You came in by the commander's number. With the phone or the recovery sheet back, the PIN can be changed.
mine2-pin-set = Set a PIN
mine2-pin-change = Change the PIN
mine2-pin-new = New PIN
mine2-pin-new-help = 6 to 12 digits. No birthday, no house number, nothing easily guessed.
mine2-pin-again = The PIN again
mine2-pin-button = Keep the PIN
mine2-pin-kept = The PIN is kept.
mine2-sessions = Signed in
mine2-this = this session
mine2-locked = screen locked
mine2-since = since { $time }
mine2-seen = last used { $time }
mine2-until = ends { $time }
mine2-browser-unknown = unknown browser
mine2-end = End the session
mine2-devices = Computers that know me
mine2-devices-none = None yet. At a duty computer choose "Remember this computer" when typing the code.
mine2-device-until = until { $day }
mine2-device-leave = Forget me on this computer
mine2-password = Present password
mine2-all = Everybody's computers and sessions
mine2-let-in = Let in for one shift
mine2-let-in-help = For somebody on duty who has lost their phone.

how-password = by password
how-code = by password and code
how-recovery = by a recovery code
how-pin = by PIN
how-let_in = let in for one shift
how-known = by password on a remembered computer
how-again = unlocked again

all2-title = Everybody's computers and sessions
all2-intro = Who is signed in where. Whoever's session is ended signs in anew with their next press.
all2-required = Second factor required
all2-required-on = It is required. Who has none gets { $days } days from their next sign-in.
all2-required-off = It is not required: a password alone is enough.
all2-required-fixed = The server sets this by KENG_REQUIRE_TOTP; it cannot be changed here.
all2-require = Require it from now on
all2-require-not = Require it no more
all2-people = Everybody's second factor
all2-has = set
all2-has-not = not set
all2-clear = Clear the second factor of { $name }
all2-clear-help = When phone and recovery sheet are gone for good. They are signed out everywhere and the PIN is cleared, too; next time they type the password and set a new one. Meet them, or know the voice, before pressing.
all2-clear-button = Clear the second factor
all2-sessions = Signed in
all2-sessions-none = Nobody is signed in but this session.
all2-devices = Remembered computers
all2-devices-none = None yet.
all2-device-known = Knows: { $names }
all2-device-nobody = Knows nobody any more.
all2-device-seen = last used { $time }
all2-device-end = Forget this computer
all2-device-end-help = Everybody there is signed out and types password and code next time. When it is lost, sold or moved elsewhere.
all2-news = Let in for one shift
all2-news-line = { $by } let { $name } in at { $time }: { $why }.
all2-news-used = Came in at { $time }, out at { $end }.
all2-news-waits = The number works until { $time }.
all2-news-unused = The number ran out; nobody used it.
all2-news-read = Seen
all2-steps = What was done about signing in

news-let-in = { $count ->
        [one] Somebody was let in for one shift.
       *[other] { $count } times somebody was let in for one shift.
    }
news-let-in-see = See

letin-title = Let in for one shift
letin-intro = Somebody on duty has lost their phone. Choose the person, meet them or know the voice, and read them the number.
letin-whom = Whom
letin-whom-choose = Choose a name
letin-why = Why
letin-give = Get a number
letin-given = The number for { $name }
letin-given-how = { $name } signs in with their own password and types these 8 digits as the code.
letin-given-until = It works once, until { $time }. The session ends at { $end }.
letin-given-once = The number is shown once. After leaving this page, get another.
letin-nobody = Nobody needs it: no one has set a second factor, or only the chief may let them in.
letin-not-yours = Only the chief, or the commander on duty by the roster, can let others in.
letin-told = It stands in the history and on the chief's page.
letin-why-lost = phone lost
letin-why-broken = phone broken or empty
letin-why-left = phone left at home
letin-why-other = another reason

mistake-second-code = The code is wrong. Type the 6 digits that the phone shows now.
mistake-second-first = Set a second factor first.
mistake-second-old = The code is wrong or was used already. Type the one the old phone shows, or one from the recovery sheet.
mistake-second-let-in = You came in by the commander's number. Come back with the phone or the recovery sheet to change this.
mistake-pin-digits = A PIN has digits only, 6 to 12 of them.
mistake-pin-easy = This PIN is too easily guessed. Choose another.
mistake-pin-again = The two PINs differ.
mistake-password-now = The password is wrong. Type it again, please.
mistake-session-gone = This session is over already.
mistake-device-gone = This computer is not on the list any more.
mistake-let-in-why = Choose the reason.
mistake-let-in-whom = Choose whom to let in.
mistake-let-in-not-yours = Only the chief, or the commander on duty by the roster, can let others in.

step-signin-code-set = { $name } set a second factor
step-signin-code-cleared = Second factor of { $name } cleared
step-signin-recovery-used = { $name } came in by a recovery code
step-signin-recovery-made = { $name } made a new recovery sheet
step-signin-pin-set = { $name } set a PIN
step-signin-device-trusted = { $name } had a computer remembered
step-signin-device-left = { $name } is forgotten on a computer
step-signin-device-ended = A computer is forgotten
step-signin-session-ended = Session of { $name } ended
step-signin-let-in = { $name } let in for one shift
step-signin-let-in-used = { $name } came in by the commander's number
step-signin-required = Second factor required
step-signin-not-required = Second factor no more required
