# Who may read which tip: for officers.
role-handler = handler
role-keeper = fence keeper (superior police)

restricted-stub = Restricted tip
restricted-why = Only some people may read this tip. That you came here has been noted.
desk-restricted = Only some people may read this tip.

tip-only-chief = Only the chief reads this tip.
tip-only-fence = About the ward police or its officials: only the superior police read it. Nobody in the ward can.
tip-only-category = Only the chief reads tips of this kind.
restrict-title = Who may read it
restrict-help = Once pressed, only the chief can read this tip. You will not be able to open it again either.
restrict-help-chief = Once pressed, only the chief can read this tip, whatever kind it is later said to be.
restrict-reason = Why only the chief should read it
restrict-press = Only the chief reads it
lift-help = Lifted, the duty desk and handlers can read it again.
lift-reason = Why the restriction is lifted
lift-press = Lift the restriction
restrict-already = This tip is restricted already.
restrict-none = There is nothing to lift on this tip.
restrict-chief-only = Only the chief can lift a restriction.

concern-sign = Public concern
concern-title = Public or press concern
concern-help = Press this when the press or many people talk about it. It has to be reported upwards at once.
concern-press = Public or press concern
concern-since = Marked at { $time }. Report upwards now, do not wait for a result.
concern-lift = Remove the mark
concern-already = This tip is marked already.
concern-none = This tip is not marked.

history-restricted = Restricted who may read it
history-restriction-lifted = Lifted the restriction
history-turned-away = Came to this tip and may not read it
history-concern-raised = Marked as public concern
history-concern-lifted = Removed the mark of public concern
history-paper-asked = Asked to move it to a paper file
history-paper-withdrawn = Took back the request for a paper file
history-paper-refused = Refused the paper file
history-paper-moved = Agreed to the paper file; the content here is destroyed

paper-move-title = Move to a paper file
paper-help = For tips that hold secrets. What stands here is destroyed; only the number of the paper file stays. The chief or the commander on duty has to agree.
paper-number-ask = Number of the paper file
paper-ask = Ask to move it to a paper file
paper-waits = { $name } asked to move it to paper file { $number }. It waits for a second person.
paper-withdraw = Take the request back
paper-confirm-help = If you agree, the tip's content is destroyed within a minute and cannot be brought back. Hold the paper file in your hands first.
paper-number-is = Paper file { $number }
paper-asked-by = { $name } asked at { $time }
paper-confirm = Agree, destroy the content here
paper-refuse = Do not agree
paper-nothing = No tip waits to be moved to a paper file.
paper-number = A file number has letters, digits and / . - only, at most 40 characters, and at least one digit.
paper-already = This was asked already, or there is nothing left to move.
paper-none = This request is no longer there.
paper-own = You made this request. Somebody else has to agree.
paper-stub = The content was moved to paper file { $number }.
state-paper = Paper file
sign-restricted = Restricted
paper-waiting = { $count ->
    [one] One tip waits
   *[other] { $count } tips wait
} for a yes to a paper file.
mistake-last-keeper = There are tips only this person can read. Please add another fence keeper first.

route-TE = Harm to a child: tell the investigating body at once, pass it on within 24 hours. Question the child as little as possible. The 111 line answers day and night.
route-BL = Violence at home: a message is a valid report. If it is still going on, it has to be stopped at once. Do not call or write while it is not known whether the phone is safe.
route-TN = Corruption: ask for no name through this machine, offer a private meeting. If it holds secrets, move it to a paper file.
route-DX = For an accident note all of it: who reports, place, time, dead, injured, vehicles, plates, damage.
