# Whose a tip is, the lists of work, and who was sent there. For officers alone.

assign-title = Whose work
assign-nobody = Nobody has it
assign-only-accepted = accepted it, not assigned yet
assign-owner-gone = account closed
assign-confirm = Assign to { $name }
assign-because-neighbourhood = Responsible for this neighbourhood.
assign-because-category = Responsible for this kind of matter.
assign-to-me = I take it
assign-choose = Choose somebody else
assign-choose-first = Choose who does it
assign-again = Give to somebody else
assign-to = Assign to
assign-why = Why it changes hands
assign-why-help = At least { $least } characters, sealed in the tip's history.
assign-button = Assign
assign-no-choice = There is nobody else who may have this tip.
assign-not-able = This person cannot have this tip: the account is closed, or may not read it.
assign-closed = This tip has ended. Open it again before you assign it or send anybody.

    [one] One open tip.
   *[other] { $count } open tips, the one that is due next on top.
}
task-no-time = No due time

unheld-title = Unassigned, late
unheld-intro = { $count ->
    [one] One open tip has no owner, no due time, or is late. Open it to assign it.
   *[other] { $count } open tips have no owner, no due time, or are late. Open each to assign it.
}
unheld-none = Every open tip has an owner and is in time.
unheld-count = { $count } unassigned or late
unheld-is-nobody = Nobody has it
unheld-why-nobody = Nobody has it
unheld-why-late = Late
unheld-why-no-time = No due time
unheld-more = { $count } more. They appear once those above are assigned.

areas-title = Who is responsible
areas-intro = When a tip comes, whoever is responsible for its neighbourhood is proposed. Where the neighbourhood is not known, whoever is responsible for that kind of matter. The officer on duty or the chief confirms with one press, or chooses somebody else.
areas-homes = By neighbourhood
areas-no-homes = The ward has no neighbourhoods yet. Add them on the page Places.
areas-kinds = By kind of matter
areas-nobody = Nobody yet
areas-gone = { $name } (account closed)
areas-save = Save
areas-saved = Saved.
areas-unknown = A neighbourhood or kind of matter is there no more. Open this page again and choose.
officers-close-tips = Their open tips go to the list "Unassigned".

dispatch-title = Sending people
dispatch-send = Send people there
dispatch-more = Send more people
dispatch-forces = Forces
dispatch-officers = Officers
dispatch-others = Somebody else
dispatch-help = The resident is told nothing of this.
dispatch-button = Send
dispatch-at-sent = sent { $time }
dispatch-at-left = left { $time }
dispatch-at-there = there { $time }
dispatch-was-sent = before: sent { $time }
dispatch-was-left = before: left { $time }
dispatch-was-there = before: there { $time }
dispatch-press-left = They have left
dispatch-press-there = They are there
dispatch-recalled = called back
dispatch-correct = Correct a time
dispatch-which = Which time
dispatch-step-sent = Sent
dispatch-step-left = Left
dispatch-step-there = There
dispatch-right-time = The right time
dispatch-why = Why
dispatch-why-help = What was noted before stays in the history.
dispatch-correct-button = Note the right time
dispatch-recall = Call back, nobody goes
dispatch-recall-button = Note that they were called back
dispatch-nobody = Choose at least one person or force.
dispatch-step = This time was never noted, so it cannot be corrected.
dispatch-order = Times go in order: sent, left, there.
dispatch-time = This time could not be read, has not come yet, or is before the tip.
dispatch-there = They are noted as being there, so they cannot be called back.
dispatch-none = This party is there no more, or was called back.
force-patrol = Patrol
force-area = Area officer
force-security = Security and order team
force-militia = Militia
force-quick = Police 113
force-fire = Fire brigade 114
force-medical = Ambulance 115

history-assigned = Assigned
history-given-back = Given back, because the owner may not read it any more or their account was closed
history-dispatched = People were sent
history-dispatch-left = Those who were sent have left
history-dispatch-there = Those who were sent are there
history-dispatch-corrected = A time of those who were sent was corrected
history-dispatch-recalled = Called back
