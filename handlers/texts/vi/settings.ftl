# Settings of the ward, its beginning, officers who come and go, channels, and how long things are kept.

hub-title = Cài đặt
hub-group-ward = Phường
hub-group-people = Con người
hub-group-words = Lời lẽ
hub-group-times = Thời hạn
hub-group-machine = Máy và kênh
hub-ward = Tên phường, đơn vị
hub-ward-help = Tên trong lời chào và trên giấy tờ, địa chỉ, nơi cấp trên tiếp dân.
hub-ward-named = { $name }
hub-ward-none = Chưa có tên phường
hub-duty-phone = Số trực ban
hub-duty-phone-help = Số người dân gọi khi cần gấp. Có số này thì mới mở cửa Telegram, Zalo.
hub-duty-phone-is = { $phone }
hub-duty-phone-none = Chưa có số trực ban, đang chạy bản thử
hub-places = Tổ dân phố, đường, mã nơi
hub-places-help = Bản đồ của phường để máy hiểu địa chỉ, và mã QR treo ở từng nơi.
hub-places-count = { $areas ->
    [0] Chưa có tổ dân phố nào
   *[other] { $areas } tổ dân phố, { $marks } đường và địa điểm, { $spots } mã nơi
}
hub-poster = Tờ dán có mã QR
hub-poster-help = Một tờ A4 để in và treo: mã QR, số trực ban, 113.
hub-poster-state = In được ngay
hub-officers = Cán bộ
hub-officers-help = Thêm người, đổi vai trò, chuyển công tác, đặt lại mật khẩu.
hub-officers-count = { $waiting ->
    [0] { $count } tài khoản
   *[other] { $count } tài khoản, { $waiting } người chưa đặt mật khẩu
}
hub-roster = Lịch trực
hub-roster-help = Mẫu ca lặp lại và từng ca. Không có ca thì chuông gọi chỉ huy.
hub-roster-count = { $count ->
    [0] Chưa có mẫu ca, lúc này có người trực
   *[other] { $count } mẫu ca, lúc này có người trực
}
hub-roster-empty = Lúc này không ai đứng tên trong lịch
hub-areas = Ai phụ trách
hub-areas-help = Mỗi tổ dân phố, mỗi loại việc thì giao cho ai trước.
hub-areas-state = { $count ->
    [0] Chưa giao ai phụ trách
   *[other] { $count } tổ, loại việc đã có người
}
hub-custody = Người giữ khóa
hub-custody-help = Ai giữ khóa mở tên người báo. Cần hai người trở lên.
hub-custody-count = { $count ->
    [0] Chưa có ai giữ khóa, nên chưa nhận tên
   *[other] { $count } người đang giữ khóa
}
hub-alarms = Chuông báo và khóa màn hình
hub-alarms-help = Bao lâu thì gọi người tiếp theo, bao lâu thì màn hình tự khóa.
hub-alarms-state = Màn hình khóa sau { $minutes } phút
hub-categories = Loại việc và câu hỏi
hub-categories-help = Tên từng loại việc, loại nào hiện thành nút, hỏi thêm câu gì.
hub-wordings = Lời nhắn cho dân
hub-wordings-help = Từng câu máy nhắn cho người dân.
hub-ready = Mẫu câu cho cán bộ
hub-ready-help = Câu soạn sẵn để hỏi, trả lời, kết thúc tin.
hub-procedures = Hỏi thủ tục
hub-procedures-help = Câu trả lời về giấy tờ, giờ làm việc, địa chỉ.
hub-own = { $count ->
    [0] Như bản gốc
   *[other] { $count } chỗ phường đã sửa
}
hub-periods = Thời hạn và ngày nghỉ
hub-periods-help = Hạn của từng bước theo luật, ngày lễ, ngày làm bù.
hub-periods-count = { $count } hạn phường đã đổi, { $days } ngày nghỉ thêm
hub-keeping = Giữ bao lâu
hub-keeping-help = Sau bao lâu thì hủy tin đã kết thúc, lời kể dở, dấu vết gửi nhận.
hub-keeping-state = Tin đã kết thúc: { $months } tháng
hub-channels = Kênh nhận tin
hub-channels-help = Trang web, Telegram: lần cuối có tin, mã kết nối còn tốt không.
hub-channels-well = Không kênh nào bị từ chối
hub-channels-shut = { $count } kênh cần xem lại
hub-oa-rights = Quyền ở trang quản lý Zalo OA
hub-oa-rights-help = Ai đọc và trả lời được thay phường ở trang của Zalo. Mỗi tháng xem lại một lần.
hub-oa-rights-never = Chưa ghi ai đang giữ
hub-oa-rights-due = Đến hạn xem lại từ { $date }
hub-oa-rights-told = Xem lại trước { $date }
hub-machine = Máy chủ
hub-machine-help = Bản sao, tin máy chưa đọc được, dấu niêm của lịch sử.
hub-machine-well = Bản sao không quá hai ngày
hub-machine-worry = Hai ngày rồi chưa có bản sao

begin-title = Đưa phường lên sóng
begin-intro = { $count } bước, khoảng 15 phút. Dừng lúc nào cũng được: phần đã làm được giữ, mở lại trang này là làm tiếp.
begin-missing-title = Còn thiếu { $count } bước để lên sóng
begin-nothing-missing = Đủ cả. Phường đang nhận tin.
begin-all-done = Đủ cả. Phường đã lên sóng.
begin-then-roster = Xếp lịch trực
begin-then-queue = Mở hàng chờ
begin-over-missing = Đã qua hết các bước. Còn thiếu { $count } bước, ghi ở dưới.
begin-done = đã xong
begin-still-missing = còn thiếu: { $why }
begin-do = Làm
begin-go-on = Làm tiếp bước { $number } / { $count }
begin-step-of = Bước { $number } / { $count }
begin-save = Lưu, sang bước sau
begin-next = Sang bước sau
begin-next-later = Xem bước sau, bước này làm sau
begin-skip = Bỏ qua bước này
begin-skip-why = Vì sao
begin-skip-button = Bỏ qua, ghi là còn thiếu
begin-why-later = làm sau
begin-why-waiting = đang chờ người hoặc thiết bị
begin-why-superior = đang chờ cấp trên
begin-why-small = phường ít người
begin-why-needed = Chọn vì sao bỏ qua bước này.
begin-name-needed = Ghi tên phường.

begin-phuong = Tên phường và nơi liên hệ
begin-phuong-short = Tên, địa chỉ, nơi cấp trên tiếp dân
begin-phuong-missing = Lời chào chưa có tên phường
begin-phuong-help = Người dân thấy tên này ở lời chào. Chỉ tên phường là cần ngay, các ô khác điền sau được.
begin-phuong-without = Lời chào chỉ ghi “Công an phường”, không có tên.

begin-so-truc = Số trực ban
begin-so-truc-short = Số người dân gọi khi cần gấp
begin-so-truc-missing = Chưa có số trực ban: chạy bản thử, cửa Telegram, Zalo đóng
begin-so-truc-help = Số máy có người nghe suốt ngày đêm. Số này hiện ở mọi lời nhắn khẩn và trên tờ dán.
begin-so-truc-without = Không có số thì phường chạy bản thử: mọi trang ghi rõ, cửa Telegram, Zalo còn đóng.

begin-dia-ban = Tổ dân phố
begin-dia-ban-short = Dán tên, hoặc đưa file CSV
begin-dia-ban-missing = Chưa có tổ nào: máy chưa hiểu địa chỉ
begin-dia-ban-help = Máy dùng tên tổ để hiểu nơi xảy ra và giao đúng cán bộ phụ trách.
begin-dia-ban-without = Người dân vẫn kể được nơi xảy ra, nhưng máy không nhận ra tổ nào.
begin-areas-names = Tên tổ dân phố
begin-areas-names-help = Mỗi dòng một tên. Hoặc chỉ ghi số tổ, ví dụ 18: máy tạo Tổ dân phố số 1 đến số 18.
begin-areas-file = Hoặc file CSV, GeoJSON
begin-areas-file-help = File có thể ghi cả đường, ngõ, chợ và tọa độ.
begin-areas-example = Xem mẫu file CSV
begin-areas-save = Nhập tổ dân phố
begin-areas-now = Đang có { $count } tổ dân phố. Xem và sửa ở trang
begin-areas-in = Đã thêm { $count } nơi.
begin-areas-nothing = Ghi tên tổ, hoặc chọn một file.
begin-area-numbered = Tổ dân phố số { $number }

begin-can-bo = Cán bộ đầu tiên
begin-can-bo-short = Tài khoản cho người trực và người xử lý
begin-can-bo-missing = Mới có một người nhận được tin
begin-can-bo-help = Cần ít nhất hai người nhận được tin, để người này bận thì còn người kia.
begin-can-bo-without = Không ai nhận tin thì chỉ chỉ huy được gọi, ngày cũng như đêm.

begin-niem-phong = Người giữ khóa
begin-niem-phong-short = Hai người giữ khóa mở tên người báo
begin-niem-phong-missing = Chưa đủ hai người giữ khóa
begin-niem-phong-help = Tên người báo được khóa riêng, máy không tự mở được. Cần hai người giữ khóa, để một người quên thì tên không mất.
begin-niem-phong-without = Chưa có ai giữ khóa thì chỉ nhận tin không nêu tên. Có một người mà người đó quên thì mất hết tên.
begin-keys-1 = Chọn người giữ khóa ở dưới. Người đầu do chỉ huy chọn, người sau do người đang giữ khóa đề nghị.
begin-keys-2 = Người được chọn đăng nhập bằng tài khoản của mình, mở trang Niêm phong, đặt câu khóa và in tờ khôi phục.
begin-keys-3 = Cất tờ khôi phục vào phong bì có chữ ký. Từ người thứ hai: người đang giữ khóa xác nhận tận mặt.
begin-keys-makes = Mời { $name } đăng nhập bằng tài khoản của mình. Đầu trang có dòng báo dẫn tới chỗ đặt câu khóa.
begin-keys-confirms = Mời { $names } đăng nhập, mở trang Niêm phong và xác nhận, có mặt { $name }.
begin-keys-others = Từ đây người đang giữ khóa mới đề nghị được người tiếp theo. Mời { $names } đăng nhập, mở trang Niêm phong, mục “Thêm người giữ khóa”.
begin-keys-look = Đã làm xong, xem lại bước này
begin-keys-open = Mở trang Niêm phong ở thẻ mới, xong quay lại đây

begin-giu-rao = Người giữ tin về công an phường
begin-giu-rao-short = Một người của công an cấp trên
begin-giu-rao-missing = Chưa có ai đọc tin về chính công an phường
begin-giu-rao-help = Tin về cán bộ của phường thì người trong phường không đọc được. Cần một người của công an cấp trên giữ tài khoản riêng.
begin-giu-rao-without = Không có người này thì máy không nhận tin về công an phường, mà chỉ chỗ cho người dân tới cấp trên.
begin-fence-none = Lúc này máy chỉ người dân tới nơi khác.
begin-fence-address = Đang chỉ tới: { $address }
begin-fence-no-address = Chưa ghi nơi cấp trên tiếp dân. Ghi ở bước
begin-add-keeper = Tài khoản cho người của cấp trên

begin-kenh = Kênh nhận tin
begin-kenh-short = Trang web, Telegram: thử ngay tại đây
begin-kenh-missing = Người dân chưa vào được từ ngoài
begin-kenh-help = Mã kết nối đặt ở máy chủ, không hiện ở đây. Bấm thử để biết mã còn tốt không.
begin-kenh-without = Chưa có địa chỉ web hay Telegram thì chỉ máy trong phòng này mở được trang nhắn tin.

begin-to-dan = Tờ dán có mã QR
begin-to-dan-short = In và treo ở trụ sở, chợ, nhà văn hóa
begin-to-dan-missing = Chưa in tờ dán
begin-to-dan-help = Một tờ A4: mã QR lớn, số trực ban, 113. Quét thử bằng điện thoại trước khi treo.
begin-to-dan-without = Người dân chưa biết đường vào.
begin-poster-open = Mở tờ dán để in
begin-poster-hung = Đã in, đã treo

ward-field-name = Tên phường
ward-field-unit = Tên đơn vị trên giấy tờ
ward-field-province = Cấp trên, ghi ở dòng đầu giấy tờ
ward-field-address = Địa chỉ trụ sở
ward-field-superior = Nơi cấp trên tiếp dân
ward-field-duty_phone = Số trực ban
ward-help-unit = Để trống thì ghi “Công an phường{ $ward }”.
ward-help-province = Ví dụ: Công an thành phố Hải Phòng
ward-help-address = Nơi người dân tới gặp trực tiếp. In trên tờ dán.
ward-help-superior = Tên, địa chỉ, điện thoại. Người dân được chỉ tới đây khi có việc về chính công an phường.
ward-help-duty = Ghi như 0225 3123 456. Gọi thử một lần trước khi lưu.
ward-fixed = Đặt ở máy chủ, không đổi được tại đây. Nhờ người quản trị máy.

officers-add-title = Thêm cán bộ
officers-role = Vai trò
officers-typed-password = Gõ sẵn mật khẩu đầu
officers-first-password = Mật khẩu đầu
officers-first-password-help = Để trống thì máy tạo đường dẫn để cán bộ tự đặt mật khẩu. Gõ sẵn thì cần ít nhất { $least } ký tự.
officers-add-button = Thêm cán bộ
officers-name-needed = Ghi họ và tên.
officers-link-waits = chưa đặt mật khẩu
officers-link-again = Đặt lại mật khẩu
officers-link-again-help = Máy tạo đường dẫn mới, dùng một lần, trong ba ngày. Mật khẩu cũ còn dùng được tới khi đặt xong.
officers-link-button = Tạo đường dẫn
officers-change-role = Đổi vai trò của { $name }
officers-change-role-help = Người này phải đăng nhập lại. Việc mà vai trò mới không được giữ thì về danh sách “Chưa giao”.
officers-change-role-button = Đổi vai trò
officers-move = Chuyển công tác
officers-moved = { $name } đã chuyển công tác. Tài khoản đã đóng, việc đã bàn giao.
role-help-chief = Đọc mọi tin của phường, duyệt, giao việc, cài đặt. Không đọc tin về chính công an phường.
role-help-duty = Nhận tin, vào sổ, hỏi và trả lời dân, đứng tên trong lịch trực.
role-help-handler = Chỉ đọc và làm những tin được giao.
role-help-keeper = Người của công an cấp trên. Chỉ đọc tin về công an phường.
role-help-inspector = Chỉ xem, không sửa. Tên người báo được che.
role-help-custodian = Chỉ giữ khóa mở tên. Không đọc tin.
role-help-administrator = Trông máy chủ, kênh, bản đồ. Không đọc tin.
step-officer-moved = { $name } chuyển công tác
step-officer-role-changed = Đổi vai trò của { $name }
step-officer-link-made = Tạo đường dẫn đặt mật khẩu cho { $name }

officer-key-title = Trao cho { $name }
officer-key-once = Chỉ hiện một lần này. Trao tận tay, hoặc in rồi đưa.
officer-key-link = Đường dẫn đặt mật khẩu
officer-key-link-help = Dùng một lần, trong ba ngày. Ai có đường dẫn này đều đặt được mật khẩu, đừng gửi qua nhóm chat.
officer-key-here = Cán bộ đang ngồi đây: đặt mật khẩu ngay trên máy này
officer-key-password-help = Nói trực tiếp cho cán bộ, đừng gửi qua nhóm chat.
officer-key-back = Quay lại
officer-key-done = Đã trao, quay lại
own-password-title = Đặt mật khẩu
own-password-intro = Tên đăng nhập là { $login }. Mật khẩu chỉ mình người dùng biết.
own-password-button = Đặt mật khẩu
own-password-over = Đường dẫn này đã dùng hoặc quá ba ngày. Nhờ chỉ huy tạo đường dẫn mới.

moving-title = { $name } chuyển công tác
moving-first = Chưa chuyển được. Làm việc này trước:
moving-will = Bấm nút dưới cùng thì:
moving-sessions = { $count ->
    [0] Tài khoản đóng, không vào lại được.
   *[other] Tài khoản đóng, bị đăng xuất ngay ở { $count } máy, không vào lại được.
}
moving-chats = Điện thoại đang nối bị cắt: { $count } máy.
moving-key = Khóa niêm phong của người này hết dùng. Đề nghị ngay một người giữ khóa mới ở trang Niêm phong.
moving-areas = Thôi phụ trách { $count } tổ dân phố, loại việc. Người nhận tin nhận luôn phần này.
moving-kept = Tin, sổ và lịch sử vẫn giữ tên người này.
moving-tips = { $count ->
    [0] Không có tin nào đang mở
   *[other] { $count }{ $more } tin đang mở
}
moving-fenced-title = Tin về công an phường
moving-fenced = Trang này không hiện những tin đó. Tin đang mở tự chuyển cho người giữ còn lại của cấp trên.
moving-taker-other = Người giữ còn lại
moving-tips-see = Xem từng tin
moving-tips-more = Còn { $count } mục nữa.
moving-urgent = khẩn
moving-due = hạn { $time }
moving-taker = Ai nhận tin
moving-taker-none = Chưa giao, chỉ huy giao sau
moving-taker-help = Tin mà người nhận không được đọc thì về danh sách “Chưa giao”.
moving-shifts = { $count } ca trực sắp tới
moving-empty = Không chọn người thay thì { $count } ca này trống:
moving-running = đang chạy
moving-server = Ai thay trong lịch trực
moving-server-none = Chưa có ai
moving-server-help = Không chọn ai thì người trực hai lên thay, nếu ca đó có. Ca trống thì chuông gọi chỉ huy.
moving-sure = Đã xem kỹ. { $name } thôi làm ở phường này.
moving-sure-own = Đã xem kỹ. Bấm xong sẽ bị đăng xuất, chỉ huy khác mới mở lại được.
moving-button = Chuyển công tác
moving-tick = Đánh dấu “Đã xem kỹ” rồi bấm lại.
moving-no-role = Chọn một vai trò.
moving-own-role = Không tự đổi vai trò của mình được. Nhờ chỉ huy khác.
moving-last-chief = Đây là chỉ huy duy nhất. Thêm một chỉ huy khác trước.
moving-last-chief-do = { $name } là chỉ huy duy nhất. Thêm tài khoản chỉ huy cho người thay trước.
moving-last-keeper = Đây là người duy nhất đọc được tin về công an phường. Xin cấp trên thêm một người trước.
moving-last-keeper-do = Chỉ { $name } đọc được tin về công an phường. Xin cấp trên cử người thay, rồi thêm tài khoản cho người đó.
moving-last-custodians = Người này giữ một trong hai khóa cuối. Phải có người giữ khóa mới trước.
moving-last-custodians-do = { $name } giữ một trong hai khóa cuối. { $who } đề nghị người giữ khóa mới ở trang Niêm phong; người mới đặt câu mật khẩu, rồi { $who } xác nhận.
moving-only-custodian = Người này giữ khóa duy nhất. Phải có hai người giữ khóa khác trước.
moving-only-custodian-do = { $name } giữ khóa duy nhất. { $name } đề nghị hai người giữ khóa mới ở trang Niêm phong; từng người đặt câu mật khẩu, rồi { $name } xác nhận. Chưa xong mà đóng thì mất hết tên.
moving-role-keeps-key = Người này đang giữ khóa, vai trò mới thì không được giữ. Người này thôi giữ khóa ở trang Niêm phong trước.

channels-title = Kênh nhận tin
channels-intro = Từng cửa để người dân nhắn vào.
channels-open = đang mở
channels-off = chưa bật
channels-closed = còn đóng
channels-shut = không thông
channels-look = cần xem lại
channels-trial = Chưa có số trực ban, nên cửa Telegram, Zalo còn đóng.
channels-web-at = Người dân mở:
channels-web-local = Chưa có địa chỉ cho người ngoài. Người quản trị máy đặt ở máy chủ:
channels-zalo_oa-how = Cần một OA đã xác thực, nối với một ứng dụng ở developers.zalo.me. Người quản trị máy đặt mã ứng dụng ở máy chủ cùng các khóa bí mật, rồi khởi động lại:
channels-telegram-how = Tạo bot với @BotFather trên Telegram, rồi người quản trị máy đặt mã kết nối ở máy chủ và khởi động lại:
channels-zalo_bot-how = Trong ứng dụng Zalo tìm “Zalo Bot Manager”, tạo bot (tên bắt đầu bằng chữ Bot), rồi người quản trị máy đặt mã kết nối ở máy chủ và khởi động lại:
channels-zalo_bot-small = Gói thường của Zalo Bot chỉ cho khoảng 50 người nhắn: hợp để thử, hoặc phường rất nhỏ.
channels-permit = Cấp quyền cho máy này
channels-permit-how = Người quản trị OA mở trang của Zalo trong 10 phút, chọn OA của phường rồi bấm cho phép. Xong thì Zalo đưa về lại đây.
channels-permit-open = Mở trang của Zalo
channels-permit-no-address = Zalo cần địa chỉ https của máy này. Người quản trị máy đặt ở máy chủ:
channels-permitted-well = Đã nhận quyền của OA. Câu trả lời đang chờ sẽ đi trong vài phút.
channels-permitted-old = Lần cấp quyền này đã quá 10 phút, hoặc đã dùng rồi. Bấm “Cấp quyền cho máy này” để làm lại.
channels-permitted-refused = Zalo không cấp mã. Xem lại mã ứng dụng và khóa bí mật của ứng dụng ở máy chủ, rồi làm lại.
channels-permitted-unreachable = Chưa nối được tới Zalo. Thử lại sau ít phút.
channels-last-in = Nhận cuối
channels-last-out = Gửi cuối
channels-never = chưa có
channels-access-until = Mã truy cập dùng tới
channels-refresh-until = Quyền của OA tới
channels-until-unknown = chưa biết, đang hỏi Zalo
paid-used = Tin tính tiền tháng này
paid-used-of = { $used } / { $ceiling }
paid-none = không gửi
paid-remains = Gói của OA còn
paid-remains-told = { $count } tin, Zalo báo lúc { $time }
paid-ceiling = Mỗi tháng gửi nhiều nhất mấy tin tính tiền
paid-ceiling-help = Trong 48 giờ từ khi người dân nhắn, trả lời không mất tiền. Sau đó, tới ngày thứ 7, Zalo tính tiền từng tin; một lời dài là nhiều tin. Ghi 0 thì không gửi: lời chờ tới khi người dân nhắn lại. Một phần năm cuối giữ cho việc gấp và câu hỏi của cán bộ.
paid-wrong-figure = Số này chưa dùng được. Ghi một số từ 0 tới { $most }.
paid-chief-only = Mức này do chỉ huy đặt.
step-paid-ceiling-set = Đặt mức tin tính tiền của Zalo: { $what } tin mỗi tháng
step-zalo-permitted = Cấp quyền của OA cho máy này
channels-withheld = { $count } lần từ lúc máy khởi động, { $channel } chỉ báo có lời nhắn mà không đưa nội dung và người gửi, nên không ai được trả lời. Ghi số trực ban và 113 ở nơi giới thiệu bot.
channels-late = Giờ nhận, gửi cuối chậm khoảng 20 giây. Bản sao và tin máy chưa đọc được xem ở trang
channels-try = Thử mã kết nối
channels-tried-well = Mã tốt. { $channel } biết máy này là “{ $name }”.
channels-tried-token = { $channel } từ chối mã kết nối. Lấy lại mã ở @BotFather (lệnh /token), người quản trị máy sửa ở máy chủ rồi khởi động lại:
channels-tried-token-zalo_bot = { $channel } từ chối mã kết nối. Lấy lại mã ở “Zalo Bot Manager”, người quản trị máy sửa ở máy chủ rồi khởi động lại:
channels-tried-token-zalo_oa = { $channel } không nhận mã kết nối. Người quản trị OA cấp quyền lại cho ứng dụng ở developers.zalo.me (API Explorer, bản 4), người quản trị máy đặt mã mới ở máy chủ rồi khởi động lại:
channels-tried-taken = Mã tốt, tên là “{ $name }”, nhưng một chương trình khác đang lấy tin của bot này. Tắt chương trình đó.
channels-tried-unreachable = Chưa kết nối được { $channel } trong 10 giây. Xem lại đường mạng của máy chủ rồi thử lại.

oa-rights-title = Ai giữ quyền ở trang quản lý Zalo OA
oa-rights-intro = Người có quyền ở OA Manager đọc được mọi lời nhắn cùng tài khoản người gửi, và trả lời được thay phường. Chỉ nên có một người giữ và một người thay.
oa-rights-off = Phường chưa bật Zalo OA, nên chưa có gì phải hỏi ở đây.
oa-rights-never = Chưa ghi ai đang giữ quyền. Xem ở OA Manager rồi ghi vào đây.
oa-rights-was = Lần xem gần nhất { $date }. Xem lại trước { $next }.
oa-rights-saved = Đã ghi. Lần tới trước { $date }.
oa-rights-outside = Trong 30 ngày có { $count } lời gửi cho người dân mà không đi qua trang này, lần cuối { $time }. Hỏi người giữ quyền: ai đã trả lời, ở tin nào. Lời cần giữ thì ghi vào tin.
oa-rights-where = Vào OA Manager, mở phần quản trị viên của OA và xem đủ tên. Thấy ai thừa thì bỏ quyền của người đó trước, rồi mới ghi.
oa-rights-custodian = Người giữ
oa-rights-name-help = Họ tên và chức vụ.
oa-rights-deputy = Người thay
oa-rights-deputy-help = Chưa có thì để trống.
oa-rights-automatic = Lời OA tự nói
oa-rights-automatic-help = Chép nguyên lời chào và lời trả lời tự động đang đặt ở OA Manager, cách nhau một dòng trống. Nhờ vậy máy không báo nhầm là có người trả lời.
oa-rights-tell = Đã xem, ghi lại
oa-rights-before = Các lần trước
oa-rights-by = { $name } ghi, { $time }
oa-rights-custodian-needed = Ghi tên người giữ quyền.
oa-rights-same = Người thay phải là người khác.
oa-rights-due = Đến hạn xem lại từ { $date }: ai đang giữ quyền ở trang quản lý Zalo OA?
oa-rights-overdue = Quá hạn xem lại từ { $date }: ai đang giữ quyền ở trang quản lý Zalo OA? Người giữ quyền đọc được mọi lời nhắn cùng tài khoản.
oa-rights-due-never = Chưa ghi ai đang giữ quyền ở trang quản lý Zalo OA. Người giữ quyền đọc được mọi lời nhắn cùng tài khoản.
oa-rights-answer = Xem và ghi

poster-no-way = Chưa có địa chỉ web, Zalo hay Telegram, nên tờ dán chưa có mã QR.
poster-no-duty = Chưa có số trực ban, nên tờ dán chỉ ghi 113.
poster-by-zalo = Hoặc nhắn qua Zalo
poster-by-telegram = Hoặc nhắn qua Telegram

keeping-title = Giữ bao lâu
keeping-intro = Quá thời gian này thì máy hủy khóa: lời kể, ảnh, tên không ai mở lại được nữa. Dòng trong sổ và lịch sử vẫn còn.
keeping-keep-drafts = Lời kể dở, chưa gửi
keeping-keep-drafts-help = Người dân kể dở rồi bỏ đó. Tin đã tới cán bộ thì không bị hủy theo hạn này.
keeping-keep-closed = Tin đã kết thúc
keeping-keep-closed-help = Tính từ ngày kết thúc. Chưa có văn bản nào ấn định; 24 tháng để còn so với năm trước và trả lời khiếu nại.
keeping-keep-logs = Dấu vết gửi và nhận
keeping-keep-logs-help = Dấu đã nhận, đã gửi, đã gọi; không có lời. Ít nhất 30 ngày, vì có kênh gửi lặp.
keeping-wrong-figure = Số này chưa dùng được. Ghi một số trong khoảng ghi bên dưới ô.
keeping-doomed = Hiểu rằng { $count } tin đã kết thúc sẽ bị hủy ngay và không lấy lại được.
keeping-doomed-many = Hiểu rằng hơn { $count } tin đã kết thúc sẽ bị hủy ngay và không lấy lại được.
keeping-always-title = Không đổi được
keeping-always-books = Hai sổ và lịch sử: giữ mãi.
keeping-always-numbers = Số gọi lại: hủy khi tin kết thúc.
keeping-always-thread = Đoạn nhắn trên trang web: { $days } ngày, rồi máy của người dân cũng không mở lại được.
keeping-always-copies = Bản sao cũ còn giữ thứ đã hủy tới khi bản sao cuối trước đó bị xóa.
step-keeping-changed = Đổi thời gian giữ: { $what }
step-keeping-taken-back = Trả về số gốc: { $what }
