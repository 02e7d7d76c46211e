# Genuine or not: what is said of a warning's code, and of a warning that was passed on.

check-code = Mã { $code } là của cảnh báo Công an phường đã phát ngày { $date }.
check-correction = Mã { $code } là của bản đính chính Công an phường đã phát ngày { $date }.
check-like = Bản này gần giống cảnh báo mã { $code } của Công an phường, ngày { $date }.
check-corrected = Đã có đính chính ngày { $date }, nguyên văn:
check-cancelled = Cảnh báo này đã thôi phát.
check-expired = Cảnh báo này đã hết hạn ngày { $date }.
check-same = Máy so từng dòng, chưa thấy chỗ nào khác. Ảnh, giọng nói và người gửi thì máy không so được.
check-other-words = Nhưng bản gửi lên có chỗ khác nguyên văn: khoan làm theo.
check-differs = Dòng khác với nguyên văn:
check-missing = Thiếu so với nguyên văn:
check-links = Đường dẫn lạ, đừng bấm: { $what }
check-numbers = Số lạ, đừng gọi và đừng chuyển tiền: { $what }.
check-phone = số điện thoại { $what }
check-account = số tài khoản hoặc số khác { $what }
check-original = Nguyên văn:
check-rest = Bản anh/chị nhận khác dòng nào, có đường dẫn hay số tài khoản lạ, là giả.
check-no-such-code = Công an phường chưa phát cảnh báo nào có mã { $code }.
check-misread = Mã này máy chưa đọc được. Mã có dạng CB và sáu ký tự, ở dòng cuối của cảnh báo.
check-nothing-like-it = Máy không thấy cảnh báo nào giống bản này trong 180 ngày qua. Có thể của nơi khác, có thể là giả: máy không biết.
check-advice = Khoan làm theo, đừng bấm đường dẫn, đừng chuyển tiền. Muốn chắc thì gọi trực ban { $duty_phone }.
check-advice-trial = Khoan làm theo, đừng bấm đường dẫn, đừng chuyển tiền. Muốn chắc thì hỏi thẳng Công an phường.
check-police-called = ✋ Cứ tắt máy trước ạ. Công an không làm việc qua điện thoại hay gọi video, không hỏi mã OTP, không bảo chuyển tiền. Muốn hỏi lại, tự gọi trực ban { $duty_phone }, đừng gọi số họ cho. Tiền lỡ đi rồi thì báo ngân hàng trước.
check-police-called-trial = ✋ Cứ tắt máy trước ạ. Công an không làm việc qua điện thoại hay gọi video, không hỏi mã OTP, không bảo chuyển tiền. Muốn hỏi lại, tự tới Công an phường, đừng gọi số họ cho. Tiền lỡ đi rồi thì báo ngân hàng trước.

button-report-this = Báo tin này
button-police-called = Có người xưng công an gọi
button-sent-money = Tiền đã chuyển rồi

lookup-check-title = Kiểm tra cảnh báo
lookup-check-field = Mã cảnh báo, hoặc dán cả cảnh báo nhận được
lookup-check-help = Mã có dạng CB-XXXXXX. Dán cả bản thì máy so từng dòng với nguyên văn. Ô này không ghi lại và không gửi cho ai.
lookup-check-button = Kiểm tra
