# The duty desk speaks to officers: no pronoun, plain, says what to do.

desk-title = Tin của dân
desk-skip = Đến nội dung
desk-sign-out = Đăng xuất
desk-trial = Bản thử: chưa có số trực ban, cửa Telegram còn đóng.
desk-to-list = Danh sách tin
desk-not-yours = Vai trò này không được xem phần đó.
desk-form-old = Trang mở đã lâu. Tải lại trang rồi làm lại.
desk-unreadable = Máy chưa đọc được phần vừa gửi. Tải lại trang rồi làm lại.
desk-no-tip = Không tìm thấy tin này.

sign-in-title = Đăng nhập
sign-in-button = Đăng nhập
sign-in-wrong = Tên hoặc mật khẩu chưa đúng. Gõ lại giúp.
sign-in-too-many = Gõ sai nhiều lần quá. Chờ 15 phút rồi thử lại, hoặc nhờ chỉ huy đặt lại mật khẩu.

set-up-title = Bắt đầu dùng
set-up-intro = Tạo tài khoản chỉ huy đầu tiên và ghi tên phường. Đường dẫn này chỉ dùng được một lần.
set-up-button = Tạo tài khoản
set-up-closed = Đường dẫn này đã dùng hoặc không còn hiệu lực. Đăng nhập bằng tài khoản đã có.

field-login = Tên đăng nhập
field-password = Mật khẩu
field-again = Gõ lại mật khẩu
field-name = Họ và tên
field-ward = Tên phường
field-duty = Số trực ban
help-login = Chữ thường không dấu, số, dấu chấm. Ví dụ: chi.huy
help-password = Ít nhất { $least } ký tự. Một câu ngắn dễ nhớ là tốt.
help-ward = Chỉ tên, không ghi chữ "phường". Ví dụ: Hồng Bàng
help-duty = Để trống thì chạy bản thử: cửa Telegram còn đóng.

mistake-login = Tên đăng nhập chỉ có chữ thường không dấu, số, dấu chấm, từ 2 đến 40 ký tự.
mistake-login-taken = Tên đăng nhập này đã có người dùng. Chọn tên khác.
mistake-password-short = Mật khẩu ngắn quá hoặc lặp quá. Cần ít nhất 10 ký tự.
mistake-password-login = Mật khẩu không được chứa tên đăng nhập.
mistake-password-again = Hai lần gõ mật khẩu chưa giống nhau.
mistake-phone = Số trực ban chưa đọc được. Ghi như 0225 3123 456.
mistake-no-officer = Không có tài khoản này.

role-chief = chỉ huy
role-duty = cán bộ trực
role-inspector = kiểm tra

tips-title = Tin của dân
tips-none = Chưa có tin nào. Ca trực đang yên.
tips-news = tin mới, bấm để xem
tips-newest = Mới nhất
tips-older = Cũ hơn
state-new = Chưa đọc
state-accepted = Đã đọc
state-shredded = Đã hủy
category-unknown = Chưa rõ loại
channel-webchat = Trang web
channel-telegram = Telegram

tip-words = Lời kể
tip-no-words = Chỉ gửi ảnh hoặc file, không có lời.
tip-added = gửi thêm
tip-files = Ảnh và file
tip-photo = Ảnh { $number }
tip-copies = Những gì mở được ở đây là bản chép lại, đã bỏ thông tin của máy chụp và nơi chụp. Bản gốc được giữ nguyên.
tip-facts = Thông tin
tip-arrived = Tới lúc
tip-channel = Gửi qua
tip-place = Nơi xảy ra
tip-about = Người báo
tip-anonymous = không nêu tên
tip-history = Lịch sử của tin
tip-accept = Đã đọc, nhận tin
tip-accept-help = Người báo sẽ được nhắn: cán bộ trực đã đọc.
accepted = Cán bộ trực đã đọc lúc { $time }.

file-kind-photo = Ảnh
file-kind-video = Video
file-kind-voice = Ghi âm
file-kind-file = File
file-note-waiting = đang tải về
file-note-trying-again = chưa tải được, máy đang thử lại
file-note-stored = đã giữ bản gốc, chưa mở được ở đây
file-note-failed = không tải về được, đã nhờ người báo gửi lại
file-note-gone = không còn ở nơi gửi, đã nhờ người báo gửi lại
file-note-unreachable = không tải về được, đã nhờ người báo gửi lại
file-note-channel-closed = kênh gửi đang đóng, chưa tải về được
file-note-here = chưa xử lý được ở máy này, bản gốc có thể còn ở nơi gửi
file-note-too-big = lớn quá, chưa nhận được, đã báo lại người gửi
file-note-too-many-pixels = ảnh có số điểm lớn bất thường, máy không mở; bản gốc được giữ
file-note-not-what-it-claims = ghi là ảnh nhưng bên trong không phải ảnh; bản gốc được giữ
file-note-unknown-type = loại file lạ, máy không mở; bản gốc được giữ
file-note-broken = file hỏng, máy không mở được; bản gốc được giữ
file-note-empty = file trống
file-note-shredded = đã hủy khóa, không còn mở được

history-draft-opened = Bắt đầu kể
history-arrived = Gửi tin
history-added = Nhắn thêm
history-file-added = Gửi thêm file
history-file-stored = Đã giữ file
history-file-refused = File không mở được
history-file-failed = File không tải về được
history-accepted = Đã đọc, nhận tin
history-words-read = Đọc lời kể qua dòng lệnh
actor-resident = người báo
actor-system = máy
actor-officer = cán bộ
actor-command-line = dòng lệnh

lookup-title = Tra cứu tin
lookup-field = Mã tin
lookup-help = Ví dụ: TB-1234-5678-9ABC. Chữ thường, chữ hoa đều được.
lookup-button = Xem
lookup-to-chat = Nhắn cho Công an phường
lookup-unreadable = Mã này chưa đọc được. Xem lại giúp từng ký tự.
lookup-too-many = Gõ sai nhiều lần quá. Chờ 15 phút rồi thử lại.

disk-low = Ổ đĩa còn { $percent }% trống. Báo người trông máy dọn hoặc thêm ổ.
disk-no-new-files = Ổ đĩa còn { $percent }% trống: trang web không nhận ảnh mới, ảnh từ kênh khác chờ ở nơi gửi. Lời nhắn vẫn nhận. Báo người trông máy ngay.
disk-no-files = Ổ đĩa còn { $percent }% trống: không nhận ảnh nào nữa. Lời nhắn vẫn nhận. Báo người trông máy ngay.
disk-reserve = Đang dùng phần dự phòng.

tip-voice = Ghi âm { $number }
tip-video = Video { $number }
tip-download = Tải tài liệu { $number }
tip-download-help = bản đã bỏ tên người soạn; lần tải được ghi lại
file-note-no-copy = loại file này máy chưa chép lại được; bản gốc được giữ
file-note-locked = tài liệu có mật khẩu, máy không mở được; bản gốc được giữ
history-viewed = Xem tin
history-file-downloaded = Tải tài liệu

find-title = Tìm trong tin
find-label = Tìm trong tin
find-placeholder = Chữ, số điện thoại, biển số…
find-button = Tìm
find-nothing-asked = Gõ chữ, số điện thoại, số tài khoản, biển số hoặc đường dẫn. Cụm từ đúng thứ tự thì để trong dấu ngoặc kép.
find-count = tin khớp
find-none = Không có tin nào khớp. Thử ít chữ hơn, có dấu hay không dấu đều được.
find-cut = phần gõ quá dài đã được bỏ bớt
desk-closed = Máy này vừa dựng lại từ bản sao. Cửa nhận tin và gửi trả lời còn đóng.
desk-closed-open = Xem và mở lại
desk-closed-ask = Chỉ huy mở lại ở mục Máy chủ.

machine-title = Máy chủ
machine-see = Xem
machine-closed-title = Đang đóng, chờ mở lại
machine-closed-from = Máy này dựng lại từ bản sao { $snapshot }, chụp lúc { $time }.
machine-closed-doors = Trang web và Telegram chưa nhận tin. Chưa có câu trả lời nào được gửi đi.
machine-closed-why = Hai máy cùng chạy thì người dân có thể nhận hai câu trả lời khác nhau. Tắt hẳn máy cũ rồi mới mở máy này.
machine-held = { $count } câu trả lời đang chờ gửi lúc chụp bản sao:
machine-held-send = Gửi ngay khi mở
machine-held-send-help = Máy cũ có thể đã gửi rồi; người dân khi đó nhận hai lần.
machine-held-leave = Giữ lại, không gửi
machine-held-leave-help = Người dân có thể thiếu một câu trả lời. Gõ "tra cứu" vẫn xem được tin tới đâu.
machine-held-left = Còn { $count } câu trả lời được giữ lại, không gửi.
machine-old-is-off = Máy cũ đã tắt hẳn
machine-old-is-off-help = Đã đến tận nơi hoặc hỏi người trông máy.
machine-open = Mở lại
machine-mistake-tick = Chưa mở được: chưa đánh dấu "Máy cũ đã tắt hẳn". Kiểm tra máy cũ rồi đánh dấu.
machine-mistake-held = Chưa mở được: chọn gửi hay giữ lại các câu trả lời đang chờ.

copies-title = Bản sao
copies-worry-line = Hai ngày rồi chưa có bản sao mới.
copies-worry = Hai ngày rồi chưa có bản sao mới. Máy hỏng lúc này thì mất phần tin tới sau bản sao cuối.
copies-worry-none = Chưa có bản sao nào. Máy hỏng lúc này thì mất hết tin.
copies-failed = Lúc { $time } máy chưa làm xong bản sao. Mỗi 15 phút máy thử lại một lần.
copies-failed-folder = Chưa ghi được vào thư mục: xem ổ đĩa đã cắm chưa, còn chỗ không.
copies-failed-busy = Một lần sao khác vào thư mục đó đang chạy.
copies-failed-other = Lý do ghi trong nhật ký của máy, dòng backup_failed.
copies-newest = Bản mới nhất
copies-oldest = Bản cũ nhất
copies-count = Số bản
copies-place = Để ở
copies-size = Cỡ bản mới
copies-files = { $count } file
copies-none = Chưa có bản sao nào.
copies-forgetting = Tin đã hủy khóa chỉ mất hẳn khi mọi bản sao cũ hơn cũng không còn.
copies-how-title = Làm bản sao
copies-how-nightly = Mỗi đêm lúc 02:00 máy tự làm một bản vào { $folder }.
copies-how-set = Muốn máy tự làm mỗi đêm: đặt KENG_BACKUP_TO là một thư mục ở ổ đĩa khác, rồi khởi động lại.
copies-how-now = Làm ngay một bản, gõ trên máy chủ:
copies-how-key = Bản sao chỉ mở được bằng khóa chủ. Khóa chủ cất ở chỗ khác, không để chung với bản sao.
age-minutes = { $number } phút trước
age-hours = { $number } giờ trước
age-days = { $number } ngày trước

history-named = Nêu tên, đã niêm phong
history-contact-cut = Người báo cắt liên lạc
history-shredded = Đã hủy nội dung theo hạn lưu
actor-restore = dựng lại từ bản sao
tip-named = có nêu tên, đã niêm phong
tip-named-paper = có nêu tên, đã niêm phong; xin nhận kết quả bằng giấy
tip-shredded = Nội dung tin này đã hủy lúc { $time }, theo hạn lưu, không ai mở lại được. Dòng trong sổ và lịch sử vẫn giữ.
tip-shredded-line = Nội dung đã hủy theo hạn lưu.
tip-contact-cut = đã cắt liên lạc, không nhắn lại được

head-title = Dấu của lịch sử hôm nay
head-help = Chép dấu này vào sổ giao ca mỗi ngày. Về sau muốn kiểm tra thì gõ lệnh dưới đây trên máy chủ, kèm dấu đã chép: lịch sử bị cắt hay bị viết lại thì máy báo.
