# Clocks at the desk: what runs, how long is left, the ward's periods and days off. To officers: no pronoun, plain, says what to do.

left-minutes = { $number ->
    [0] less than a minute left
    [1] 1 minute left
   *[other] { $number } minutes left
}
left-hours = { $number ->
    [1] 1 hour left
   *[other] { $number } hours left
}
left-days = { $number ->
    [1] 1 day left
   *[other] { $number } days left
}
over-minutes = { $number ->
    [0] just overdue
    [1] overdue by 1 minute
   *[other] overdue by { $number } minutes
}
over-hours = { $number ->
    [1] overdue by 1 hour
   *[other] overdue by { $number } hours
}
over-days = { $number ->
    [1] overdue by 1 day
   *[other] overdue by { $number } days
}

due-title = Due
due-intro = Everything that has a clock running, the nearest end first.
due-none = No clock is running.
due-late = { $count } overdue
due-now = due now
due-at = due { $time }
due-more = Show more
due-first = Back to the top
due-handler = with { $name }
due-nobody = with nobody yet
due-book = no. { $number }/{ $year }
due-periods = Periods and days off

history-clock-over = Overdue: { $clock }
history-clock-late = Done after it was due: { $clock }
history-reminder-over = Reminder: { $clock }
history-reminder-late = Done: { $clock }

periods-title = Periods and days off
periods-intro = A figure of the law can only be made shorter, or longer where the law allows it. A changed figure counts for what starts from then on; what runs keeps its end.
periods-saved = Saved.
periods-save = Save
periods-take-back = Back to { $amount } { $unit }
periods-figure = Figure of "{ $name }"
periods-range = From { $least } to { $most }.
periods-fixed = Set by law, cannot be changed.
periods-by = Changed by { $name }, { $time }. Ours: { $amount }.
periods-wrong-figure = "{ $name }" was not saved: this figure is outside of what is allowed.
periods-gone = There is no such period. Reload the page and do it again.
periods-law = Basis
periods-tag-law = Law, police rules
periods-tag-seed = From a plan
periods-tag-guess = Kẻng's proposal
periods-tags-help = "Law, police rules": the figure stands in a text. "From a plan": a plan from above asks for it. "Kẻng's proposal": no text says so, the ward decides. Texts as of July 2026: compare them before use.

periods-group-receive = Receive, enter, classify
periods-group-onward = Report, pass on
periods-group-settle = The investigating body settles
periods-group-end = Tell the result, archive
periods-group-ask = After a transfer, ask for the result
periods-group-days = Days off

periods-unit-minutes = minutes
periods-unit-hours = hours
periods-unit-days = days
periods-unit-working-days = working days
periods-unit-months = months
periods-unit-days-before = days before the end

period-enter = Enter in the book
period-enter-night = Enter in the book, from 22:00 to 6:00
period-answer = Wait for the resident's answer
period-classify-a = Classify an urgent tip
period-classify = Classify
period-concern = Report upward what public or press are interested in
period-report12 = Report, propose an investigator
period-transfer-a = Transfer an urgent tip to the investigating body
period-transfer-b = Transfer an ordinary tip to the investigating body
period-child = Transfer a tip on abuse of a child
period-receipt = Notice of receipt to the informant and the procuracy
period-receipt-procuracy = Notice of receipt to the procuracy
period-settle = Settle the tip
period-prolonged = Settle the tip, prolonged
period-extension-request = Ask the procuracy for an extension
period-extended = Settle the tip, extended
period-resumed = Settle the tip, resumed
period-result = Notice of the result
period-file = Pass on the administrative file
period-inform = Tell the resident once the result is known
period-archive = Archive the file
period-ask-receipt = Ask whether it was received
period-ask-settle = Ask for the result
period-ask-prolonged = Ask for the result again
period-days-move = A period in days that ends on a day off goes on to the next working day

period-note-classify = The limit of 24 hours is written for investigating bodies; for a ward it is not clear. Ours is one shift.
period-note-concern = The plan says at once and gives no hours.
period-note-report12 = Known from the press; whether it still holds in 2026 is not clear. In difficult areas: 24 hours.
period-note-transfer-a = 48 hours only for remote mountain and island communes.
period-note-child = There are no 7 days for this kind.
period-note-receipt = Shorter is the 3 days in the next line: whoever keeps that keeps both.
period-note-receipt-procuracy = Article 146 says 3 days, the circulars 3 working days. Both are called for.
period-note-prolonged = With the time before, from the receipt on.
period-note-extended = Once only, after the 2 months are over.
period-note-result = From the end of settling.
period-note-inform = The plan says in good time and gives no days.
period-note-days-move = The law says so where it speaks of months; whether days are meant too is not clear. Unchecked, ends are earlier and safer. A change here reckons anew what runs.

days-off-title = Days off in { $year }
days-off-intro = Holidays, Tết and days given back are known already. Where the government decides otherwise, write it here. Saturdays and Sundays are off anyway. With every change, what runs is reckoned anew.
days-off-years = Choose a year
days-off-built-in = common calendar
days-off-own = written by the ward
days-off-worked = worked all the same
days-off-work = Worked that day
days-off-take-back = Take the ward's line out
days-off-add-title = Add a day
days-off-day = Day
days-off-name = What day it is
days-off-name-help = For example: given back for Tết
days-off-is-off = A day off
days-off-is-worked = Worked all the same
days-off-is-worked-help = For example a Saturday worked instead.
days-off-add = Add
days-off-wrong-day = The day could not be read. Write it like 24/11/2026, between 2025 and 2100.
days-off-wrong-name = Say what day it is, in a few words, at most { $most } letters.
days-off-none = No day this year.

step-period-changed = Period changed: { $what }
step-period-taken-back = Period back to ours: { $what }
step-day-off-set = Day off written: { $what }
step-day-worked-set = Worked day written: { $what }
step-day-taken-back = Ward's line taken out: { $what }
