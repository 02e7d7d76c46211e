# One tip: internal notes, what was found in its words, who else is there, what happened.

# -- internal notes ---------------------------------------------------------------------------------------------------------------
notes-title = Internal notes
notes-who-reads = Only officers who read this tip see them. The reporter never does. The search does not look here.
notes-none = No notes yet.
notes-write = Write a note
notes-label = Note
notes-help = At most { $most } characters. It cannot be changed afterwards, only struck out.
notes-button = Keep the note
notes-struck = Struck out at { $time }
notes-struck-hidden = Struck out; only the chief still reads the words.
notes-struck-read = Struck out; other officers do not see this:
notes-gone = These words can no longer be opened.
notes-strike = Strike out
notes-strike-help = The note stays here without its words. This cannot be undone.
notes-strike-button = Strike out this note
note-empty = There are no words yet. Type the note, then keep it.
note-long = Longer than 4,000 characters. Shorten it, or make it two notes.
note-not-yours = Only its writer may strike out a note.
history-note-written = Wrote an internal note
history-note-struck = Struck out an internal note

# -- found in the words -----------------------------------------------------------------------------------------------------------
found-in-title = Found in the words
found-in-phone = Phone
found-in-account = Account, long number
found-in-plate = Plate
found-in-link = Link
found-in-handle = Name on a platform, e-mail
found-in-search = Find other tips
found-in-search-what = with { $what }
found-in-help = Picked out by the machine, which may err or miss some. Links are written so that nobody follows them; do not open them on the duty PC.

# -- somebody else is here, and what the resident tells meanwhile ----------------------------------------------------------------
viewer-here = { $name } has this tip open, since { $time }.
viewer-somebody = Another officer
sent-told = { $name } wrote to the reporter at { $time }.
sent-question-asked = { $name } asked the reporter a question at { $time }.
sent-closed = { $name } answered and closed the tip at { $time }.
sent-reopened = { $name } opened the tip again at { $time }.
sent-text-held = { $name } handed words for the reporter to the chief at { $time }.
sent-look-again = What stands on this page has not gone out. Look again, then send.
changed-since = Since this page was opened: { $what }.
changed-see = See the page as it is now
first-accepted = { $name } accepted this tip first, at { $time }. Your press changed nothing.
first-answered = { $name } took charge of this first, at { $time }. Your press changed nothing.
sent-see = Read it in a new window
sent-typed = What was typed and has not gone out:
came-answered = The reporter has answered, at { $time }.
came-skipped = The reporter skipped the question, at { $time }.
came-told = The reporter has told more, at { $time }.
came-see = See it

# -- what happened ----------------------------------------------------------------------------------------------------------------
timeline-today = Today
timeline-yesterday = Yesterday
timeline-all = Show all { $count } lines
timeline-order = Newest on top.
timeline-times = { $count } times
line-by = { $who }: { $what }
line-question-asked = { $who } asked the reporter a question
line-moved = { $who } noted: { $step }
line-reopened = { $who } opened the tip again
line-restricted = { $who } restricted who may read it
line-text-released = { $who } let handed words go out
line-text-returned = { $who } gave handed words back
line-brought-in = { $who } entered this tip
line-assigned = { $who } assigned it to { $whom }
line-given-back = Given back, because the owner may not read it any more or their account was closed
line-dispatch-left = { $who } noted: those who were sent have left
line-dispatch-there = { $who } noted: those who were sent are there
line-identity-ended = Request for the name ended with the account
line-originals-ended = Request for the originals ended with the account
line-closed = { $who } answered and closed the tip
line-event-linked = { $who } linked it to a tip on the same event
line-event-unlinked = { $who } took it out of the event
line-notices-read = The reporter read what was written
line-contact-cut = The reporter cut contact
