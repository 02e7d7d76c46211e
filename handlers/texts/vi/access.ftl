# Who may read which tip: for officers.
role-handler = cán bộ xử lý
role-keeper = giữ tin hạn chế (công an cấp trên)

restricted-stub = Tin hạn chế
restricted-why = Tin này chỉ một số người được đọc. Lần mở này đã được ghi lại.
desk-restricted = Tin này chỉ một số người được đọc.

tip-only-chief = Chỉ chỉ huy đọc tin này.
tip-only-fence = Tin về công an, cán bộ phường: chỉ công an cấp trên đọc. Không ai ở phường đọc được.
tip-only-category = Loại việc này chỉ chỉ huy đọc.
restrict-title = Ai được đọc
restrict-help = Sau khi bấm, chỉ chỉ huy đọc được tin này. Người bấm cũng không mở lại được.
restrict-help-chief = Sau khi bấm, chỉ chỉ huy đọc được tin này, kể cả khi loại việc đổi.
restrict-reason = Vì sao chỉ chỉ huy nên đọc
restrict-press = Chỉ chỉ huy đọc
lift-help = Bỏ hạn chế thì trực ban và cán bộ xử lý lại đọc được.
lift-reason = Vì sao bỏ hạn chế
lift-press = Bỏ hạn chế
restrict-already = Tin này đã hạn chế rồi.
restrict-none = Tin này không có gì để bỏ.
restrict-chief-only = Chỉ chỉ huy bỏ được hạn chế.

concern-sign = Dư luận quan tâm
concern-title = Dư luận, báo chí quan tâm
concern-help = Bấm khi việc này đang được báo chí hoặc nhiều người bàn tới. Việc này phải báo cáo cấp trên ngay.
concern-press = Dư luận, báo chí quan tâm
concern-since = Được đánh dấu lúc { $time }. Báo cáo cấp trên ngay, không chờ kết quả.
concern-lift = Bỏ đánh dấu
concern-already = Tin này đã được đánh dấu.
concern-none = Tin này chưa được đánh dấu.

history-restricted = Đặt: hạn chế người đọc
history-restriction-lifted = Bỏ hạn chế người đọc
history-turned-away = Đã tìm mở tin này, không được đọc
history-concern-raised = Đánh dấu dư luận quan tâm
history-concern-lifted = Bỏ đánh dấu dư luận quan tâm
history-paper-asked = Xin chuyển hồ sơ giấy
history-paper-withdrawn = Rút lời xin chuyển hồ sơ giấy
history-paper-refused = Không đồng ý chuyển hồ sơ giấy
history-paper-moved = Đồng ý chuyển hồ sơ giấy, nội dung ở đây đã hủy

paper-move-title = Chuyển hồ sơ giấy
paper-help = Dùng khi tin có nội dung mật. Nội dung ở đây sẽ bị hủy, chỉ còn số hồ sơ giấy. Cần chỉ huy hoặc chỉ huy trực đồng ý.
paper-number-ask = Số hồ sơ giấy
paper-ask = Xin chuyển hồ sơ giấy
paper-waits = { $name } xin chuyển sang hồ sơ giấy số { $number }. Chờ người thứ hai đồng ý.
paper-withdraw = Rút lời xin
paper-confirm-help = Đồng ý thì nội dung tin bị hủy trong một phút, không lấy lại được. Xin cầm hồ sơ giấy trên tay rồi hãy bấm.
paper-number-is = Hồ sơ giấy số { $number }
paper-asked-by = { $name } xin lúc { $time }
paper-confirm = Đồng ý, hủy nội dung ở đây
paper-refuse = Không đồng ý
paper-nothing = Không có tin nào chờ chuyển hồ sơ giấy.
paper-number = Số hồ sơ giấy gồm chữ, số, dấu / . - và dài tối đa 40 ký tự, có ít nhất một chữ số.
paper-already = Tin này đã có lời xin chuyển, hoặc không còn nội dung để chuyển.
paper-none = Không còn lời xin này nữa.
paper-own = Lời xin này của chính tài khoản đang mở. Cần người khác đồng ý.
paper-stub = Nội dung đã chuyển sang hồ sơ giấy số { $number }.
state-paper = Hồ sơ giấy
sign-restricted = Hạn chế
paper-waiting = { $count } tin chờ đồng ý chuyển hồ sơ giấy.
mistake-last-keeper = Còn tin chỉ người này đọc được. Xin thêm một người giữ tin hạn chế trước.

route-TE = Trẻ em bị xâm hại: báo cơ quan điều tra ngay, chuyển trong 24 giờ. Hỏi cháu càng ít càng tốt. Tổng đài 111 trực ngày đêm.
route-BL = Bạo lực trong nhà: lời nhắn cũng là tin báo hợp lệ. Còn đang xảy ra thì phải ngăn ngay. Chưa rõ máy có an toàn thì đừng gọi, đừng nhắn.
route-TN = Tham nhũng, tiêu cực: không hỏi tên qua máy, mời gặp riêng. Có nội dung mật thì chuyển hồ sơ giấy.
route-DX = Tai nạn thì ghi đủ: người báo, nơi, giờ, người chết, bị thương, loại xe, biển số, thiệt hại.
