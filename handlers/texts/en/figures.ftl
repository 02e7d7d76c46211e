# The page Figures: the numbers of a reporting period, and the list behind each number.

figures-title = Figures
figures-intro = Press a number to see the tips it counts.
figures-as-of = As of { $time }.
figures-counting = Everything is being counted anew, so the numbers are not complete yet. Wait some minutes, then load the page again.
figures-whose-chief = Counts every tip the chief may read. Tips for the superior body alone are not here.
figures-whose-other = Tips only the chief reads, letters to the chief and tips for the superior body are not in these numbers. The chief's may be larger.
figures-not-commander = This page is for the chief, inspectors and whoever commands the running shift.
figures-none = No tips in this period yet.
figures-future = This period has not begun.

figures-kinds = Reporting period
figures-month = Month
figures-quarter = Quarter
figures-half = 6 months
figures-year = Year
figures-from = From
figures-to = Through
figures-show = Show
figures-wrong-days = These days could not be read. Write them like 1/11/2026, the first before the last, no more than 5 years.
figures-earlier = Earlier period
figures-later = Later period
figures-term-month = { $number }/{ $year }
figures-term-quarter = Quarter { $number }/{ $year }
figures-term-half = { $number ->
    [1] First
   *[other] Second
} half of { $year }
figures-term-year = Year { $year }
figures-term-free = { $first } to { $last }
figures-days = { $number } { $number ->
    [one] day
   *[other] days
}
figures-span = from { $first } through { $last }
figures-running = This period still runs: it is set beside the first { $days } days of the one before and of the one a year ago.
figures-closing = A reporting month begins on day { $day }. Change it on the page Periods.

figures-print = Print this page
figures-outside = Version to hand out
figures-outside-on = This is the version to hand out: numbers from 1 to 4 read “under { $few }”, and some more are hidden so that none can be reckoned from the others. No lists.
figures-outside-off = Back to the internal version
figures-few = under { $few }
figures-veiled = not told
figures-watermark = Printed { $time } · { $name } · { $ward } ward police
figures-inside = Internal

figures-now = This period
figures-past = Period before
figures-year-ago = A year ago
figures-row = Row
figures-more = { $many } more
figures-less = { $many } fewer
figures-same = the same
figures-up = up { $percent }
figures-down = down { $percent }
figures-points-more = { $points } points higher
figures-points-less = { $points } points lower
figures-nothing-beside = nothing to compare with
figures-faster = { $length } faster
figures-slower = { $length } slower
figures-minutes = { $number } min
figures-hours = { $number } h
figures-no-time = none yet

figures-rates = Rates
figures-rate-ward = Ward processing
figures-rate-ward-help = Transferred, fined, guided or kept, of all in hand.
figures-rate-settlement = Settlement
figures-rate-settlement-help = Results known, of those due at the investigating body.
figures-rate-reception = Reception
figures-rate-reception-help = Entered, of what arrived in the period. Must be 100 %.
figures-of = { $top } of { $whole }
figures-reached = the goal of { $goal } % is reached
figures-not-reached = below the goal of { $goal } %
figures-rate-none = Nothing to reckon yet
figures-missing-ward = See what remains
figures-missing-settlement = See what is due without a result
figures-missing-reception = See what is not entered

figures-section-in-hand = In hand
figures-section-sorted = Classified, reported
figures-section-out = Processed and remaining
figures-section-results = Results and notices
figures-section-people = Who told
figures-section-times = Median times
figures-times-help = Half of the tips were faster, half slower.
figures-false = False tips with grounds: not noted apart yet, counted from the paper files.

figures-row-carried = Carried in
figures-row-new = Newly received
figures-row-new-denunciation = Crime denunciations
figures-row-new-report = Crime reports
figures-row-new-feedback = Feedback, petitions
figures-row-reopened = Opened again
figures-row-handled = All in hand
figures-row-classified = Classified
figures-row-classified-A = A · Urgent
figures-row-classified-B = B · Ordinary
figures-row-classified-C = C · Administrative violation
figures-row-classified-D = D · For another agency, guidance
figures-row-classified-E = E · Told before
figures-row-classified-F = F · Not enough to go on
figures-row-reported = Reported to the investigating body
figures-row-reported-met = Within 12 hours
figures-row-reported-late = After 12 hours
figures-row-reported-none = Without a term
figures-row-transferred = Transferred to the investigating body
figures-row-transferred-A-met = Class A, in time
figures-row-transferred-A-late = Class A, late
figures-row-transferred-A-none = Class A, without a term
figures-row-transferred-B-met = Class B, in time
figures-row-transferred-B-late = Class B, late
figures-row-transferred-B-none = Class B, without a term
figures-row-fined = Administrative handling
figures-row-guided = Guided, passed to another agency
figures-row-kept = Kept for information
figures-row-kept-double = Told before
figures-row-kept-thin = Not enough to go on
figures-row-kept-other = Other reasons
figures-row-tests = Tests, sent by mistake
figures-row-paper = Moved to a paper file
figures-row-remaining = Carried over
figures-row-overdue = Overdue
figures-row-result-opened = Case opened
figures-row-result-not-opened = Case not opened
figures-row-result-ended = Ended otherwise
figures-row-suspended = Suspended in the period
figures-row-awaiting = With the investigating body, at the end
figures-row-fined-after = Fined after no case was opened
figures-row-told-receipt = Notices of receipt
figures-row-told-receipt-met = In time
figures-row-told-receipt-late = Late
figures-row-told-receipt-anonymous = No paper owed: gave no name
figures-row-told-receipt-none = Without a term
figures-row-told-result = Notices of the result
figures-row-told-result-met = In time
figures-row-told-result-late = Late
figures-row-told-result-anonymous = No paper owed: gave no name
figures-row-told-result-none = Without a term
figures-row-anonymous = Gave no name
figures-row-secret = Gave a name, to be kept secret
figures-row-protection = Threatened, asked for protection
figures-row-complaints = Complaints
figures-row-due = Due for settlement
figures-row-due-known = Due, result known
figures-row-due-unknown = Due, result not known
figures-row-arrived = Arrived
figures-row-arrived-entered = Arrived and entered
figures-row-arrived-waiting = Arrived, not entered
figures-row-took-enter = Received to entered
figures-row-took-classify = Entered to classified
figures-row-took-transfer = Received to transferred

figures-split-category = New tips by category
figures-split-neighbourhood = New tips by neighbourhood
figures-split-channel = New tips by way of reception
figures-split-weekday = New tips by day of the week
figures-split-hour = New tips by hour of reception
figures-no-neighbourhood = Neighbourhood not known
figures-hour = { $hour }:00
figures-open-table = See the table

figures-chart-title = New and processed tips
figures-chart-about = { $term }: most new tips, { $most }, on { $when }. Each number is in the table below.
figures-chart-new = new
figures-chart-out = processed
figures-chart-day = Day
figures-chart-month = Month

figures-list-of = { $term }: { $many } in all
figures-list-back = Back to Figures
figures-list-none = This row counts no tip.
figures-list-next = More
figures-list-first = To the first
figures-list-counts = A tip that was opened again and processed once more counts twice.
figures-list-took = took { $length }
figures-list-holder = held by { $name }
figures-list-nobody = given to nobody
figures-list-unknown = There is no such row. Go back to Figures and press the number again.

period-report-from = A reporting month begins on day
periods-group-report = Reports
periods-unit-day-of-month = of each month
period-note-report-from = 1 is the calendar month. 15 is from the 15th of the month before through the 14th.
