# Clocks at the desk: what runs, how long is left, the ward's periods and days off. To officers: no pronoun, plain, says what to do.

left-minutes = { $number ->
    [0] còn chưa đầy 1 phút
   *[other] còn { $number } phút
}
left-hours = còn { $number } giờ
left-days = còn { $number } ngày
over-minutes = { $number ->
    [0] vừa quá hạn
   *[other] quá hạn { $number } phút
}
over-hours = quá hạn { $number } giờ
over-days = quá hạn { $number } ngày

due-title = Hạn
due-intro = Mọi việc đang tính giờ, việc gần hạn nhất đứng trước.
due-none = Không có việc nào đang tính giờ.
due-late = { $count } việc quá hạn
due-now = đã đến hạn
due-at = hạn { $time }
due-more = Xem tiếp
due-first = Về đầu danh sách
due-handler = { $name } giữ
due-nobody = chưa giao ai
due-book = số { $number }/{ $year }
due-periods = Thời hạn và ngày nghỉ

history-clock-over = Quá hạn: { $clock }
history-clock-late = Xong sau hạn: { $clock }
history-reminder-over = Nhắc: { $clock }
history-reminder-late = Xong: { $clock }

periods-title = Thời hạn và ngày nghỉ
periods-intro = Con số nào theo luật thì chỉ được đặt ngắn hơn, hoặc dài hơn nếu luật cho. Đổi số thì tính cho việc bắt đầu từ lúc đó; việc đang chạy giữ hạn cũ.
periods-saved = Đã lưu.
periods-save = Lưu
periods-take-back = Lấy lại { $amount } { $unit }
periods-figure = Con số của “{ $name }”
periods-range = Từ { $least } đến { $most }.
periods-fixed = Luật định, không đổi được.
periods-by = { $name } đổi, { $time }. Số gốc: { $amount }.
periods-wrong-figure = Chưa lưu được “{ $name }”: số này nằm ngoài khoảng cho phép.
periods-gone = Không có thời hạn này. Tải lại trang rồi làm lại.
periods-law = Căn cứ
periods-tag-law = Luật, văn bản ngành
periods-tag-seed = Theo kế hoạch
periods-tag-guess = Kẻng đề nghị
periods-tags-help = “Luật, văn bản ngành” là con số có trong văn bản. “Theo kế hoạch” là kế hoạch của cấp trên yêu cầu. “Kẻng đề nghị” thì chưa văn bản nào ghi, phường tự quyết. Văn bản tra đến tháng 7/2026: đối chiếu lại trước khi dùng.

periods-group-receive = Nhận, vào sổ, phân loại
periods-group-onward = Báo cáo, chuyển đi
periods-group-settle = Cơ quan điều tra giải quyết
periods-group-end = Báo kết quả, nộp lưu
periods-group-ask = Sau khi chuyển, nhắc hỏi kết quả
periods-group-days = Ngày nghỉ

periods-unit-minutes = phút
periods-unit-hours = giờ
periods-unit-days = ngày
periods-unit-working-days = ngày làm việc
periods-unit-months = tháng
periods-unit-days-before = ngày trước khi hết hạn

period-enter = Vào sổ
period-enter-night = Vào sổ, từ 22 giờ đến 6 giờ
period-answer = Chờ người báo trả lời
period-classify-a = Phân loại tin khẩn
period-classify = Phân loại
period-concern = Báo lên trên việc dư luận, báo chí quan tâm
period-report12 = Báo cáo, đề xuất phân công điều tra viên
period-transfer-a = Chuyển tin khẩn sang Cơ quan điều tra
period-transfer-b = Chuyển tin thường sang Cơ quan điều tra
period-child = Chuyển tin trẻ em bị xâm hại
period-receipt = Thông báo tiếp nhận cho người báo và Viện kiểm sát
period-receipt-procuracy = Thông báo tiếp nhận cho Viện kiểm sát
period-settle = Giải quyết tin
period-prolonged = Giải quyết tin, đã kéo dài
period-extension-request = Đề nghị Viện kiểm sát gia hạn
period-extended = Giải quyết tin, đã gia hạn
period-resumed = Giải quyết tin, sau phục hồi
period-result = Thông báo kết quả giải quyết
period-file = Chuyển hồ sơ xử lý hành chính
period-inform = Báo người dân khi đã có kết quả
period-archive = Nộp lưu hồ sơ
period-ask-receipt = Hỏi nơi nhận đã tiếp nhận chưa
period-ask-settle = Hỏi kết quả giải quyết
period-ask-prolonged = Hỏi lại kết quả giải quyết
period-days-move = Hạn tính bằng ngày mà rơi vào ngày nghỉ thì dời sang ngày làm việc kế tiếp

period-note-classify = Giới hạn 24 giờ viết cho Cơ quan điều tra; với phường thì chưa rõ. Số gốc là một ca trực.
period-note-concern = Kế hoạch ghi báo ngay, không ghi số giờ.
period-note-report12 = Biết qua báo chí, chưa rõ năm 2026 còn áp dụng không. Địa bàn khó khăn: 24 giờ.
period-note-transfer-a = Chỉ xã miền núi, hải đảo xa mới được 48 giờ.
period-note-child = Không có hạn 7 ngày cho loại này.
period-note-receipt = Ngắn hơn là hạn 3 ngày ở dòng dưới: kịp hạn đó là kịp cả hai.
period-note-receipt-procuracy = Điều 146 ghi 3 ngày, thông tư ghi 3 ngày làm việc. Máy nhắc cả hai.
period-note-prolonged = Tính cả thời gian trước đó, kể từ khi nhận.
period-note-extended = Chỉ một lần, tính tiếp sau khi hết 2 tháng.
period-note-result = Kể từ khi kết thúc giải quyết.
period-note-inform = Kế hoạch ghi phản hồi kịp thời, không ghi số ngày.
period-note-days-move = Luật viết câu này ở đoạn tính theo tháng, chưa rõ có gồm hạn theo ngày không. Không chọn thì hạn sớm hơn, chắc hơn. Đổi ở đây thì việc đang chạy được tính lại.

days-off-title = Ngày nghỉ năm { $year }
days-off-intro = Ngày lễ, Tết, ngày nghỉ bù máy đã biết. Thủ tướng chốt lịch khác thì ghi thêm ở đây. Thứ Bảy, Chủ nhật là ngày nghỉ sẵn. Mỗi lần sửa, hạn của việc đang chạy được tính lại.
days-off-years = Chọn năm
days-off-built-in = theo lịch chung
days-off-own = phường ghi
days-off-worked = vẫn làm việc
days-off-work = Hôm đó vẫn làm
days-off-take-back = Bỏ ghi riêng
days-off-add-title = Ghi thêm một ngày
days-off-day = Ngày
days-off-name = Là ngày gì
days-off-name-help = Ví dụ: Nghỉ bù Tết
days-off-is-off = Ngày nghỉ
days-off-is-worked = Ngày vẫn làm việc
days-off-is-worked-help = Ví dụ thứ Bảy làm bù.
days-off-add = Ghi
days-off-wrong-day = Chưa đọc được ngày. Ghi như 24/11/2026, trong khoảng từ năm 2025 đến năm 2100.
days-off-wrong-name = Ghi là ngày gì, vài chữ thôi, không quá { $most } chữ cái.
days-off-none = Năm này chưa có ngày nào.

step-period-changed = Đổi thời hạn: { $what }
step-period-taken-back = Lấy lại thời hạn gốc: { $what }
step-day-off-set = Ghi ngày nghỉ: { $what }
step-day-worked-set = Ghi ngày vẫn làm: { $what }
step-day-taken-back = Bỏ ghi riêng: { $what }
