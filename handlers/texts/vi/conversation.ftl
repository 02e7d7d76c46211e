# How the line speaks. Tone rules are binding: plain words, no blame, nothing promised that the line does not do.

-urgent = 🔴 Đang nguy hiểm, gọi ngay: 113 công an, 114 cháy, 115 cấp cứu.
-never-asked = Ở đây không ai hỏi mã OTP, mật khẩu, hay bảo chuyển tiền.

duty-line = Trực ban phường: { $duty_phone }.
trial-line = Bản thử: chưa có số trực ban. Cần gấp, xin gọi 113.
start-hello = Công an phường{ $ward } xin chào anh/chị. Máy trả lời tự động, cán bộ trực sẽ đọc tin gửi vào.
start-urgent = { -urgent }
start-webchat-privacy = Trang này không cần tài khoản, không bắt nêu tên, không lưu địa chỉ mạng cùng với tin. Nhưng nhà mạng hay Wi-Fi đang dùng vẫn biết máy này mở trang. Máy dùng chung: nhớ ghi mã tin, rồi bấm [Thoát nhanh] để xóa đoạn nhắn khỏi máy.
start-zalo-privacy = Không cần nêu tên. Nhưng anh/chị nên biết: Zalo và người quản lý trang này thấy được tài khoản và lời nhắn. Cán bộ làm việc với tin thì chỉ thấy lời nhắn. Muốn kín hơn: { $web } hoặc gặp trực tiếp.
start-zalo-web = nhắn ở trang web của phường
start-telegram-privacy = Telegram thấy được tài khoản và lời nhắn. Cán bộ làm việc với tin thì chỉ thấy lời nhắn.
start-zalo_bot-privacy = Zalo và người giữ bot này thấy được tài khoản và lời nhắn. Cán bộ làm việc với tin thì chỉ thấy lời nhắn.
start-zalo_visitor-privacy = Không cần đăng nhập, không cần nêu tên. Nhưng Zalo và người quản lý trang này vẫn thấy được lời nhắn. Cán bộ làm việc với tin thì chỉ thấy lời nhắn.
start-never-asked = { -never-asked }
start-tell = Có chuyện gì, cứ nhắn luôn ạ.

help =
    Cứ nhắn chuyện đã thấy: viết, gửi ghi âm hay ảnh đều được, rồi bấm Gửi ngay. Không cần nêu tên.

    Gõ "tra cứu" để biết tin tới đâu, "hủy" để bỏ tin đang soạn. Gõ "cắt liên lạc" thì máy quên tài khoản này.
    { -urgent }
what-happened = Có chuyện gì vậy ạ? Cứ kể như nói với người quen: viết, gửi ghi âm hay ảnh. Nhắn nhiều lần cũng được.
after-photo = Đã nhận ảnh. Ảnh này là chuyện gì vậy ạ? Vài chữ là đủ.
noted = Đã ghi thêm. Còn gì cứ nhắn tiếp, hoặc bấm Gửi ngay.
noted-photo = Đã nhận { $count } ảnh. Còn ảnh cứ gửi tiếp, hoặc bấm Gửi ngay.
category-ask = Việc này giống loại nào ạ? Không chắc thì cứ nhắn tiếp, hoặc bấm Gửi ngay.
photos-ask = Có ảnh thì gửi ở đây, tối đa 10 ảnh. Không có thì bỏ qua ạ.
place-ask = Có ảnh thì cứ gửi. Chuyện xảy ra ở đâu ạ? Gửi vị trí, hoặc gõ: số nhà, ngõ, tổ mấy, chỗ dễ nhận như "cổng chợ". Ngại nói rõ thì ghi tên đường hoặc tổ thôi cũng được.
place-ask-typed = Có ảnh thì cứ gửi. Chuyện xảy ra ở đâu ạ? Kênh này không nhận được định vị, anh/chị gõ giúp: số nhà, ngõ, tổ mấy, chỗ dễ nhận như "cổng chợ". Ngại nói rõ thì ghi tên đường hoặc tổ thôi cũng được.
place-noted = Đã ghi nơi này. Còn gì cứ nhắn tiếp, hoặc bấm Gửi ngay.
place-pin = nơi đã ghim trên bản đồ
place-none = chưa ghi
about-ask = Tin này sẽ gửi không nêu tên. Lúc này phường chưa có người giữ khóa tên, nên ở đây chưa nhận tên. Không nêu tên thì tin vẫn được vào sổ ạ.
review =
    Xem lại giúp ạ, chỗ nào sai thì bấm Sửa:
    Việc: { $story }
    Loại: { $category }
    Ở: { $place }
    Kể lúc: { $time }
    Kèm theo: { $photos ->
        [0] không có
       *[other] { $photos } ảnh hoặc file
    }
    Về anh/chị: { $about }

    Thấy sao kể vậy; chỗ nào nghe kể lại thì nói là nghe kể. Chưa chắc cũng không sao, chỉ xin đừng dựng chuyện cho người khác, cố tình báo sai có thể bị phạt.
edit-ask = Sửa phần nào ạ?
receipt-late = Tin anh/chị gửi lúc { $sent_time }, vì mất mạng nên { $time } mới tới. Còn gấp thì xin gọi 113.
receipt =
    Đã nhận tin lúc { $time }, ngày { $date }. Xin cảm ơn anh/chị.

    Mã tin: { $code }

    Cán bộ trực sẽ đọc và vào sổ. Có gì mới sẽ báo ở đây. Nhớ thêm gì, cứ nhắn tiếp.

    Mã này giữ riêng: ai có mã là xem được tin tới đâu.
receipt-windowed =
    Đã nhận tin lúc { $time }, ngày { $date }. Xin cảm ơn anh/chị.

    Mã tin: { $code }

    Cán bộ trực sẽ đọc và vào sổ. Trong { $days } ngày, có gì mới sẽ báo ở đây; sau đó { $later }, anh/chị gõ "tra cứu" là biết. Nhớ thêm gì, cứ nhắn tiếp.

    Mã này giữ riêng: ai có mã là xem được tin tới đâu.
receipt-later = máy không nhắn trước được
receipt-later-perhaps = máy chưa chắc nhắn trước được
receipt-urgent = Gấp thì gọi 113 hoặc trực ban { $duty_phone }.
receipt-urgent-trial = Gấp thì gọi 113.
cancel-ask = Bỏ tin đang soạn ạ? Lời và ảnh vừa gửi sẽ không tới trực ban.
cancelled = Đã bỏ tin đang soạn. Khi nào cần, cứ nhắn lại ạ.
nothing-to-cancel = Không có tin nào đang soạn. Có chuyện gì, cứ nhắn luôn ạ.
nothing-to-send = Chưa có gì để gửi. Có chuyện gì, cứ nhắn luôn ạ.
already-sent = Tin này gửi rồi, không cần bấm lại ạ. Nhớ thêm gì, cứ nhắn tiếp.
lookup-ask = Có mã tin thì gõ vào đây, ví dụ TB-1234-5678-9ABC.
lookup-none = Đoạn nhắn này chưa gửi tin nào.
lookup-not-found = Chưa tìm thấy tin có mã này. Anh/chị xem lại giúp từng ký tự ạ.
lookup-not-found-2 = Mã này vẫn chưa thấy trong sổ. Mã nằm trong tin biên nhận, sau chữ "Mã tin". Gửi từ máy này thì bấm Tin đã gửi là xem được ạ.
lookup-not-found-3 = Máy chưa tìm được tin nào theo mã vừa gõ. Mất mã cũng không sao: cứ kể lại ở đây, cán bộ trực vẫn đọc ạ.
lookup-state-new = Tin { $code_tail } đã tới lúc { $time }, cán bộ trực chưa đọc. Gấp thì xin gọi 113.
lookup-state-accepted = Cán bộ trực đã đọc tin { $code_tail } lúc { $time }.
added = Đã ghi thêm vào tin { $code_tail }. Việc khác thì bấm Báo việc khác ạ.
edited-after-send = Đã ghi lời sửa vào tin { $code_tail }. Lời cũ vẫn được giữ cạnh đó.
unreadable = Chỗ này máy chưa hiểu. Anh/chị viết vài chữ hoặc gửi ảnh giúp ạ.
not-understood-2 = Máy vẫn chưa đọc được chỗ này. Bỏ qua cũng không sao, hoặc anh/chị gõ chữ giúp ạ.
too-many-photos = Đã đủ 10 ảnh cho tin này. Còn ảnh nữa thì gửi ở tin sau giúp ạ.
too-long = Lời kể dài quá { $limit } chữ cái, phần này chưa ghi được. Anh/chị bấm Gửi ngay rồi kể tiếp giúp ạ.
language-changed = Từ giờ máy trả lời bằng tiếng Việt.

button-report = Báo việc khác
button-cheated = Bị lừa tiền
button-my-tips = Tin đã gửi
button-send-now = Gửi ngay
button-send = Gửi
button-edit = Sửa
button-cancel = Hủy
button-yes-cancel = Bỏ tin này
button-no-keep = Giữ lại
button-skip = Bỏ qua
button-back = Quay lại
button-done-photos = Đủ ảnh rồi
button-anonymous = Không nêu tên
button-tell = Báo tin
button-english = English
button-vietnamese = Tiếng Việt
button-edit-words = Kể lại
button-edit-photos = Gửi lại ảnh
button-edit-place = Nơi xảy ra
button-edit-category = Loại việc

page-title = Nhắn tin
page-header = Công an phường{ $ward }
page-quick-exit = Thoát nhanh
page-placeholder = Nhắn ở đây…
page-send = Gửi
page-reached = Đã tới máy chủ
page-sending = Đang gửi…
page-retry = Chưa gửi được. Bấm để gửi lại
page-trial = Bản thử: chưa có số trực ban. Cần gấp, xin gọi 113.
page-urgent = Gấp:
page-duty = Trực ban
page-expired = Trang mở đã lâu. Xin tải lại trang rồi gửi lại ạ.
page-too-long = Lời nhắn dài quá { $limit } chữ cái. Anh/chị chia nhỏ giúp ạ.
page-unreadable = Chỗ này máy chưa đọc được. Anh/chị viết lại giúp ạ.

page-file-too-big = File này lớn quá 20 MB, trang này chưa nhận được. Anh/chị gửi bản nhỏ hơn giúp ạ.
page-file-empty = File này trống, chưa nhận được gì. Anh/chị chọn lại giúp ạ.
page-file-sent = Đã gửi ảnh hoặc file
page-no-room = Máy của phường đang đầy, chưa nhận được ảnh. Lời nhắn thì vẫn gửi được. Gấp thì gọi 113.
page-too-much-today = Hôm nay từ mạng này đã gửi nhiều ảnh, máy chưa nhận thêm được. Lời nhắn thì vẫn gửi được ạ.

file-lost = Có một ảnh hoặc file chưa tải về được. Anh/chị gửi lại giúp ạ.
file-refused = Có một file máy không mở ra được, chưa xem được bên trong. Nếu là ảnh, xin chụp lại màn hình rồi gửi giúp ạ.
file-refused-voice = Có một đoạn ghi âm máy chưa mở ra được nên chưa nghe được. Anh/chị nói lại, hoặc viết vài chữ giúp ạ.
file-too-big = File vừa gửi lớn quá, máy chưa nhận được. Anh/chị gửi bản nhỏ hơn giúp ạ.
file-too-big-web = File vừa gửi lớn quá, ở đây chưa nhận được. Anh/chị gửi ở trang này giúp: { $address }

in-group =
    Bà con có việc cần báo công an, xin đừng viết trong nhóm. Nhắn riêng ở đây ạ: { $address }
    Gấp thì gọi 113 hoặc trực ban { $duty_phone }. Máy này không lưu chuyện trong nhóm.

button-send-place = Gửi vị trí đang đứng
command-start = Bắt đầu
command-huongdan = Cách nhắn tin
command-huy = Bỏ tin đang soạn
command-tracuu = Xem tin tới đâu

page-take-back = Rút lại
page-taking-back = Đang rút lại…
page-taken-back = Đã rút lại
page-take-back-unknown = Chưa thấy lời này trong đoạn nhắn nên chưa rút lại được. Anh/chị tải lại trang giúp ạ.
page-take-back-twice = Lời này rút lại rồi ạ.
page-skip = Đến chỗ nhắn
page-attach = Gửi ảnh hoặc file
page-stop = Dừng gửi
page-stopped = Đã dừng gửi.
page-offline = Mất mạng. Có mạng lại sẽ gửi tiếp.
page-no-place = Máy chưa cho biết vị trí. Anh/chị gõ giúp tên đường hoặc tổ mấy.
page-finding-place = Đang tìm vị trí…
page-code = Mã tin
page-copy-code = Chép mã
page-copied = Đã chép
page-save-code = Lưu ảnh mã

page-closed-title = Máy đang được thay
page-closed = Máy của phường vừa được thay, lúc này chưa nhận được tin. Cần gấp thì gọi 113 hoặc trực ban { $duty_phone }. Lát nữa anh/chị gửi lại giúp ạ.
page-closed-trial = Máy của phường vừa được thay, lúc này chưa nhận được tin. Cần gấp thì gọi 113. Lát nữa anh/chị gửi lại giúp ạ.
page-not-stored = Máy đang bận, chưa ghi được. Xin gửi lại sau vài giây. Gấp thì gọi 113.
page-form-too-big = Gửi một lần nhiều quá, máy chưa nhận được. Anh/chị chia nhỏ giúp ạ.
page-broken = Máy gặp lỗi, chưa làm được việc này. Mã lỗi: { $id }. Gấp thì gọi 113.

page-waiting = Đang chờ gửi…
page-again = Gửi lại
page-reload = Tải lại trang
page-refresh = Xem trả lời mới
page-jump = Có lời mới
page-send-file = Gửi ảnh, file
page-exit-hint = Bấm Esc hai lần cũng thoát
page-choices = Chọn một câu trả lời
page-from-you = Anh/chị nhắn:
page-from-ward = Lời gửi tới:
page-place-found = Đã tìm thấy vị trí, sai số khoảng { $metres }{ "\u00A0" }m. Gửi chỗ này ạ?
page-place-yes = Gửi chỗ này
page-place-no = Không gửi
page-photo = Ảnh hoặc file

after-file = Đã nhận file. Đây là chuyện gì vậy ạ? Vài chữ là đủ.
noted-file = Đã nhận thêm file. Còn gì cứ gửi tiếp, hoặc bấm Gửi ngay.
after-voice = Đã nhận lời nói, cán bộ trực sẽ nghe. Nói tiếp cũng được, viết vài chữ cũng được. Xong thì bấm Gửi ngay ạ.
noted-voice = Đã nhận thêm lời nói. Còn gì cứ nói tiếp, hoặc bấm Gửi ngay.
button-go-on = Kể tiếp

files-wait = Máy của phường gần đầy nên ảnh và file để sau mới tải về. Lời nhắn vẫn tới ngay, anh/chị kể thêm bằng chữ giúp ạ.

about-choice =
    Anh/chị muốn thế nào ạ?
    1. Không nêu tên.
    2. Nêu tên, xin giữ kín.
    3. Nêu tên, nhận kết quả bằng giấy.

    Không nêu tên thì tin vẫn được vào sổ, nhưng không có giấy báo kết quả. Đổi sang 2, 3 lúc nào cũng được; tên đã nêu vào hồ sơ thì không rút ra được.
    Tên được khóa riêng: hai người cùng đồng ý mới mở, có ghi lại ai mở và vì sao. Khi luật yêu cầu, cơ quan điều tra có thể được biết.
about-anonymous = không nêu tên
button-named = Nêu tên, giữ kín
button-paper = Nêu tên, nhận giấy
name-ask = Xin ghi họ tên và số điện thoại trong một lời nhắn. Lời này được khóa lại ngay khi tới, không nằm chung với tin ạ.
name-again = Chỗ này máy chưa thấy tên. Anh/chị gõ giúp họ tên và số điện thoại, hoặc bấm Không nêu tên ạ.
name-not-kept = tên chưa được giữ
name-nobody-keeps = Lúc này phường chưa có người giữ khóa tên, nên ở đây chưa nhận tên. Tin vẫn được vào sổ ạ.
sealed-name = tên đã niêm phong, số •••{ $hint }
sealed-name-only = tên đã niêm phong
sealed-number = số gọi lại đã khóa, •••{ $hint }
sealed-noted = Đã ghi: { $what }.
edit-of-sealed = Lời sửa này chưa được ghi. Muốn nêu lại tên hay số, xin gõ "nêu tên" hoặc "gọi lại" ạ.
callback-ask = Cán bộ trực có cần gọi lại không ạ? Cần thì gõ số điện thoại. Số này chỉ cán bộ nhận tin và cán bộ được giao việc thấy, có ghi lại ai đã xem.
callback-again = Số này máy chưa đọc được. Anh/chị gõ giúp như 0912{ "\u00A0" }345{ "\u00A0" }678, hoặc bấm Không cần ạ.
callback-none = Đã ghi: không cần gọi lại ạ.
button-no-call = Không cần
cut-ask =
    Cắt liên lạc thì máy quên tài khoản này. Công an phường không nhắn lại được. Mã tin không tra được nữa, số gọi lại bị xóa.
    Tin đã gửi vẫn ở trong sổ. Tên đã nêu vào hồ sơ thì vẫn nằm ở đó, khóa riêng.

    Cắt liên lạc ạ?
cut-done = Đã cắt liên lạc. Mã tin không tra được nữa, số gọi lại đã xóa. Trong mười phút nữa máy quên luôn tài khoản này. Tên đã nêu vào hồ sơ, nếu có, vẫn nằm ở đó, khóa riêng. Anh/chị nên xóa đoạn nhắn này khỏi máy đang cầm ạ.
cut-kept = Vẫn giữ liên lạc như trước.
button-cut-yes = Cắt liên lạc
button-cut-no = Giữ liên lạc
command-catlienlac = Cắt liên lạc, máy quên tài khoản này
page-open-paper = Mở giấy gửi kèm
lookup-open-photo = Xem ảnh gửi kèm
lookup-file-gone = Ảnh hoặc giấy này không còn mở được. Cần lại thì nhắn thêm ở đây.
