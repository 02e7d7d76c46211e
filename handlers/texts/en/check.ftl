# Genuine or not: what is said of a warning's code, and of a warning that was passed on.

check-code = The code { $code } belongs to a warning the ward police posted on { $date }.
check-correction = The code { $code } belongs to a correction the ward police posted on { $date }.
check-like = This is much like the warning { $code } of the ward police, posted on { $date }.
check-corrected = It was corrected on { $date }, word for word:
check-cancelled = This warning was stopped.
check-expired = This warning ended on { $date }.
check-same = Compared line by line, nothing was found to differ. Pictures, voices and who sent it cannot be compared here.
check-other-words = But what was sent differs from it: do not act on it yet.
check-differs = Lines that differ from the original:
check-missing = Missing from the original:
check-links = Strange links, do not open them: { $what }
check-numbers = Strange numbers, do not call them and send no money: { $what }.
check-phone = phone number { $what }
check-account = account or other number { $what }
check-original = The original, in Vietnamese:
check-rest = If yours differs in any line, or has a link or an account number that is not in here, it is a fake.
check-no-such-code = The ward police have posted no warning with the code { $code }.
check-misread = This code could not be read. A code is CB and six signs, in the last line of the warning.
check-nothing-like-it = No warning like this one was found in the last 180 days. It may be from elsewhere, it may be a fake: this line does not know.
check-advice = Do not follow it yet, open no link, send no money. To be sure, call the duty desk { $duty_phone }.
check-advice-trial = Do not follow it yet, open no link, send no money. To be sure, ask at the ward police office.
check-police-called = ✋ Hang up first. The police do not work by phone or video call, never ask for an OTP and never tell anybody to send money. To make sure, call the duty desk { $duty_phone } yourself, not the number they gave. If money has gone, tell your bank first.
check-police-called-trial = ✋ Hang up first. The police do not work by phone or video call, never ask for an OTP and never tell anybody to send money. To make sure, come to the ward police office yourself, and do not call the number they gave. If money has gone, tell your bank first.

button-report-this = Report this
button-police-called = "The police" called me
button-sent-money = I have sent money

lookup-check-title = Check a warning
lookup-check-field = The code of a warning, or the whole text you were sent
lookup-check-help = A code looks like CB-XXXXXX. With the whole text pasted, every line is compared with the original. Nothing typed here is kept or sent to anybody.
lookup-check-button = Check
