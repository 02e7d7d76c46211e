# One tip: internal notes, what was found in its words, who else is there, what happened.

# -- internal notes ---------------------------------------------------------------------------------------------------------------
notes-title = Ghi chú nội bộ
notes-who-reads = Chỉ cán bộ đọc được tin này mới thấy. Không gửi cho người báo. Ô tìm kiếm không tìm ở đây.
notes-none = Chưa có ghi chú nào.
notes-write = Viết ghi chú
notes-label = Ghi chú
notes-help = Tối đa { $most } ký tự. Viết rồi không sửa được, chỉ gạch bỏ được.
notes-button = Lưu ghi chú
notes-struck = Đã gạch bỏ lúc { $time }
notes-struck-hidden = Lời đã gạch, chỉ chỉ huy còn đọc được.
notes-struck-read = Lời đã gạch, cán bộ khác không thấy:
notes-gone = Lời này không còn mở được.
notes-strike = Gạch bỏ
notes-strike-help = Ghi chú vẫn nằm ở đây nhưng không hiện lời nữa. Không bỏ gạch được.
notes-strike-button = Gạch ghi chú này
note-empty = Chưa có chữ nào. Gõ ghi chú rồi bấm Lưu.
note-long = Dài quá 4.000 ký tự. Cắt bớt, hoặc chia làm hai ghi chú.
note-not-yours = Ai viết thì người đó mới gạch được.
history-note-written = Viết ghi chú nội bộ
history-note-struck = Gạch một ghi chú nội bộ

# -- found in the words -----------------------------------------------------------------------------------------------------------
found-in-title = Tìm thấy trong lời kể
found-in-phone = Điện thoại
found-in-account = Số tài khoản, dãy số dài
found-in-plate = Biển số
found-in-link = Đường dẫn
found-in-handle = Tên trên mạng, thư điện tử
found-in-search = Tìm tin khác
found-in-search-what = có { $what }
found-in-help = Máy tự nhặt ra, có thể nhầm hoặc sót. Đường dẫn đã viết khác đi để không bấm nhầm; đừng mở trên máy trực.

# -- somebody else is here, and what the resident tells meanwhile ----------------------------------------------------------------
viewer-here = { $name } đang xem tin này, từ { $time }.
viewer-somebody = Một cán bộ khác
sent-told = { $name } đã nhắn người báo lúc { $time }.
sent-question-asked = { $name } đã hỏi người báo một câu lúc { $time }.
sent-closed = { $name } đã gửi câu trả lời và kết thúc tin lúc { $time }.
sent-reopened = { $name } đã mở lại tin lúc { $time }.
sent-text-held = { $name } đã trình chỉ huy một lời cho người báo lúc { $time }.
sent-look-again = Lời của trang này chưa gửi. Xem lại rồi gửi.
changed-since = Từ lúc mở trang này: { $what }.
changed-see = Xem trang mới
first-accepted = { $name } đã nhận tin này trước, lúc { $time }. Lần bấm vừa rồi không ghi gì thêm.
first-answered = { $name } đã nhận lo việc khẩn này trước, lúc { $time }. Lần bấm vừa rồi không ghi gì thêm.
sent-see = Xem ở cửa sổ mới
sent-typed = Lời vừa gõ, chưa gửi:
came-answered = Người báo vừa trả lời, lúc { $time }.
came-skipped = Người báo xin bỏ qua câu hỏi, lúc { $time }.
came-told = Người báo vừa nhắn thêm, lúc { $time }.
came-see = Xem

# -- what happened ----------------------------------------------------------------------------------------------------------------
timeline-today = Hôm nay
timeline-yesterday = Hôm qua
timeline-all = Xem cả { $count } dòng
timeline-order = Mới nhất ở trên.
timeline-times = { $count } lần
line-by = { $who } { $what }
line-question-asked = { $who } hỏi người báo một câu
line-moved = { $who } ghi: { $step }
line-reopened = { $who } mở lại tin
line-restricted = { $who } đặt hạn chế người đọc
line-text-released = { $who } cho gửi lời đã trình
line-text-returned = { $who } trả lại lời đã trình
line-brought-in = { $who } nhập tin này
line-assigned = { $who } giao việc cho { $whom }
line-given-back = Tin được trả lại, vì người làm không đọc được tin nữa hoặc tài khoản đã đóng
line-dispatch-left = { $who } ghi: người được cử đã lên đường
line-dispatch-there = { $who } ghi: người được cử đã tới nơi
line-identity-ended = Yêu cầu xem tên dừng vì tài khoản đóng
line-originals-ended = Yêu cầu tải bản gốc dừng vì tài khoản đóng
line-closed = { $who } trả lời và kết thúc tin
line-event-linked = { $who } nối tin này với tin cùng việc
line-event-unlinked = { $who } tách tin này khỏi tin cùng việc
line-notices-read = Người báo đã đọc lời nhắn
line-contact-cut = Người báo cắt liên lạc
