# Groups with the bot in them: what is said in the group, and what the desk reads of it.

group-linked = This group now belongs to { $area }. From now on the ward police{ $ward } post warnings for this place here.
group-linked-ward = This group now belongs to the whole ward. From now on the ward police{ $ward } post warnings here.
group-code-wrong = This code cannot be used. A code works once, within 24 hours. Please ask the ward police{ $ward } for another.
group-code-here = This code is typed in the group, after the bot was let in there. Typed here it links no group.

# For the desk.
group-trouble-muted = The bot may not write in this group. Ask whoever leads it, or let the group leader post by hand.
group-trouble-renamed = The group has another name. Please look whether it is still the neighbourhood's own.
group-trouble-moved = The group was upgraded and has another address. It is the same group; nothing needs to be linked again.
group-trouble-lost = The group is lost: the bot was put out, or the group was dissolved. Warnings do not reach it any more.
group-trouble-back = The bot was let into the group again, but it is not linked. Make a new code and have it typed there.
group-ended-already = This group is not linked any more.
group-gone = This group was not found.
group-not-yours = Only who looks after group leaders or writes warnings may link a group.

reach-few = under 5

# In the history.
history-group-code-made = A code for a chat group was made
history-group-linked = A chat group was linked to a neighbourhood
history-group-ended = A chat group was unlinked
history-group-area-changed = A chat group was given to another neighbourhood
history-group-seen = What changed in a chat group was read
history-group-renamed = A chat group has another name
history-group-moved = A chat group has another address
history-group-muted = The bot may not write in a chat group
history-group-unmuted = The bot may write in a chat group again
history-group-lost = A chat group was lost
history-group-back = The bot was let into a chat group again
