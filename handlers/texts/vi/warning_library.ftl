# What warnings are written from, and what keeps wrong words out of them: read at the desk, and in a leader's own chat.

found-phone = Số điện thoại “{ $words }”. Chỉ số trực ban, 111 đến 115 và số của Nhà nước được ghi.
found-account = Số tài khoản “{ $words }”. Bà con không cần số này để phòng.
found-card = Số thẻ “{ $words }”.
found-id = Số giấy tờ “{ $words }”.
found-number = Dãy số “{ $words }” có thể là của một người.
found-plate = Biển số xe “{ $words }”.
found-mail = Địa chỉ thư “{ $words }”.
found-link = Đường dẫn “{ $words }”. Chỉ ghi trang của phường hoặc trang đuôi .gov.vn.
found-handle = Tài khoản mạng “{ $words }”.
found-address = Địa chỉ “{ $words }”. Ghi tên đường hoặc tổ dân phố là đủ.
found-name = Tên người “{ $words }”.
found-initials = Chữ viết tắt tên “{ $words }”: người quen vẫn đoán ra.
found-promise = “{ $words }”: đường dây không hứa, không dọa như vậy.
found-arrest = “{ $words }”: cảnh báo không nói ai bị bắt.
found-asks = “{ $words }”: công an không bao giờ xin điều này. Kẻ giả danh mới xin.
found-summons = “{ $words }”: mời làm việc thì gửi giấy, không đăng trong nhóm.
found-blank = “{ $words }”: chỗ trống chưa điền.
found-blame = “{ $words }”: nghe như trách bà con.
found-spam = “{ $words }”: giống lời quảng cáo, mạng dễ chặn như tin rác.
found-plain = “{ $words }”: bà con nói “{ $instead }”.
found-odd-letters = “{ $words }”: chữ lạ, trông giống chữ thường mà không phải.
found-unread = Dài quá, máy không đọc hết để kiểm tra.
found-leads-back = “{ $words }”: chi tiết này trùng với một tin báo, dễ lộ người báo.
found-too-soon = Hai ngày nay mới có một tin báo về việc này. Chờ thêm, bớt chi tiết kẻo lộ người báo.

ground-consent = Người được nêu đã đồng ý bằng văn bản
ground-life = Cứu tính mạng, sức khỏe trong lúc khẩn cấp
ground-wanted = Có quyết định truy nã
ground-missing = Tìm người mất tích, gia đình đề nghị đăng
ground-published = Cơ quan có thẩm quyền đã công bố
ground-asked = Cơ quan điều tra yêu cầu bằng văn bản
ground-law = Luật khác cho phép (ghi rõ điều, khoản)

warning-never-said = Có lời đường dây không bao giờ nói. Sửa những chỗ được đánh dấu.
warning-needs-ground = Có chi tiết riêng của một người. Bỏ đi, hoặc nêu căn cứ pháp luật để giữ lại.
warning-ground-words = Ghi vì sao phải giữ, từ 15 đến 500 ký tự.

warning-template-refused = Mẫu này chưa lưu được: còn chỗ phải sửa.
warning-template-name = Tên mẫu không được có tên người, số hay địa chỉ.
warning-template-gone = Mẫu này không còn nữa.
warning-template-too-many = Phường đã có 60 mẫu riêng. Bỏ bớt mẫu ít dùng rồi thêm.

campaign-gone = Ngày này không còn trong lịch.
campaign-days = Ngày kết thúc phải từ ngày bắt đầu trở đi, và cách không quá một năm.
campaign-name = Đặt tên cho dịp này, nhiều nhất 80 ký tự.
campaign-before = Nhắc trước từ 0 đến 60 ngày.
campaign-too-many = Lịch đã có 100 dịp riêng. Bỏ bớt dịp cũ rồi thêm.
campaign-how = Chọn đã viết hoặc không cần.
campaign-written = Đã viết
campaign-not_needed = Không cần
campaign-holidays = Nghỉ lễ: { $name }

thanks-headline = { $month }: bà con báo { $count } tin
thanks-headline-few = { $month }: cảm ơn bà con
thanks-month = Tháng { $month }
thanks-where-ward = bà con trong phường
thanks-where-home = bà con { $home }
thanks-count = { $month }, { $where } gửi { $count } tin cho Công an phường.
thanks-count-few = { $month }, cảm ơn { $where } đã để ý và báo tin cho Công an phường.
thanks-themes = Nhiều nhất là { $themes }.
thanks-theme = { $theme } ({ $count } tin)
thanks-done = { $count } tin đã được xử lý, hoặc chuyển tới cơ quan giải quyết.
thanks-line-more = Thấy gì lạ, cứ nhắn Công an phường, không cần nêu tên.
thanks-line-urgent = Gấp thì gọi 113 hoặc trực ban.

history-warning-template-kept = Sửa mẫu cảnh báo
history-warning-template-hidden = Ẩn mẫu cảnh báo
history-warning-template-shown = Hiện lại mẫu cảnh báo
history-warning-template-taken-back = Lấy lại mẫu cảnh báo gốc
history-campaign-kept = Sửa lịch chiến dịch, ngày lễ
history-campaign-removed = Bỏ một dịp khỏi lịch
history-campaign-settled = Đánh dấu một dịp: đã viết hoặc không cần
history-campaign-reopened = Bỏ đánh dấu một dịp
