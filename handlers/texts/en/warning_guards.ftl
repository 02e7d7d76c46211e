# What keeps a warning from going out in other words than were read, and forgeries from passing for it.

warning-changed-since = The words, or whom they go to, have changed since you opened this page. Read the new version below before you release it.
warning-paper-not-yet = This warning has not been released, so it cannot be printed or downloaded yet.
check-too-long = What you received is too long, so only its beginning was compared. What follows is not from the ward police.

# The checker before a leader.
lead-stopped-here = Not sent yet. Change these places:
lead-stopped-at = { $field }: { $told }
lead-too-many = Three of your warnings already wait for the commander. Ask again once they are dealt with. If it is urgent, call the duty desk.
lead-worry = Worth another look:
lead-ground-on-page = If the law allows it and people cannot protect themselves without it, give the legal ground at { $page }
lead-button-mend-headline = Change the first line
lead-button-mend-body = Change what is happening
lead-button-mend-lines = Change what to do
lead-ask-template = There are ready-made ones. Choose one and change it, or write your own.
lead-button-own-words = Write my own
lead-button-more-templates = More
lead-templates = Ready-made
lead-templates-help = Choose one, change it to fit your neighbourhood, and send it for release.
lead-templates-here = In use: { $name }
