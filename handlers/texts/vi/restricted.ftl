# Who alone reads what is told, why some names are not taken here, and giving oneself up.

button-about-police = Việc liên quan công an, cán bộ phường
button-chief-only = Chỉ chỉ huy đọc
button-not-restricted = Để trực ban cùng đọc
button-fence-leave = Thôi, báo nơi khác

restricted-fence = Tin này chỉ công an cấp trên đọc. Ở phường không ai đọc được, chỉ thấy có một tin hạn chế.
restricted-chief = Tin này chỉ chỉ huy Công an phường đọc. Cán bộ trực chỉ thấy có một tin hạn chế.
restricted-none = Tin này cán bộ trực cùng đọc như thường.
fence-nobody-at =
    Ở đây chưa có người của công an cấp trên đọc tin. Việc liên quan công an, cán bộ phường, xin báo thẳng: { $address }

    Muốn kể ở đây thì chọn Chỉ chỉ huy đọc: chỉ chỉ huy Công an phường đọc được.
fence-nobody =
    Ở đây chưa có người của công an cấp trên đọc tin. Việc liên quan công an, cán bộ phường, xin báo thẳng công an tỉnh, thành phố.

    Muốn kể ở đây thì chọn Chỉ chỉ huy đọc: chỉ chỉ huy Công an phường đọc được.
reader-fence = công an cấp trên
reader-chief = chỉ huy Công an phường
review-reader = Tin này chỉ { $reader } đọc.

receipt-restricted =
    Đã nhận tin lúc { $time }, ngày { $date }. Xin cảm ơn anh/chị.

    Mã tin: { $code }

    Tin này chỉ { $reader } đọc. Có gì mới sẽ báo ở đây. Nhớ thêm gì, cứ nhắn tiếp.

    Mã này giữ riêng: ai có mã là xem được tin tới đâu.
receipt-restricted-windowed =
    Đã nhận tin lúc { $time }, ngày { $date }. Xin cảm ơn anh/chị.

    Mã tin: { $code }

    Tin này chỉ { $reader } đọc. Trong { $days } ngày, có gì mới sẽ báo ở đây; sau đó { $later }, anh/chị gõ "tra cứu" là biết. Nhớ thêm gì, cứ nhắn tiếp.

    Mã này giữ riêng: ai có mã là xem được tin tới đâu.
receipt-restricted-shared =
    Đã nhận tin lúc { $time }, ngày { $date }. Xin cảm ơn anh/chị.

    Mã tin: { $code }

    Tin này chỉ { $reader } đọc. Máy sẽ không nhắn trước; khi tiện anh/chị gõ "xem". Nhớ thêm gì, cứ nhắn tiếp.

    Mã này giữ riêng: ai có mã là xem được tin tới đâu. Đọc xong nên xóa đoạn nhắn này.
card-cannot-call-restricted =
    Không gọi được thì bấm nút dưới, hoặc gõ 1: lời vừa nhắn sẽ tới { $reader } ngay, không cần trả lời gì thêm.

    Im một phút, máy cũng chuyển lời này đi.
danger-sent-restricted = Đã chuyển tới { $reader } lúc { $time }. Nhắn thêm đang ở đâu, nếu được. Nhắn qua đây chậm hơn gọi 113: gọi được, hoặc nhờ được ai gọi, thì vẫn nên gọi.
urgent-added-restricted = Lời này đã tới { $reader } lúc { $time }, cùng tin vừa gửi. Gọi được thì vẫn nên gọi 113.
accepted-restricted = Tin này đã có người đọc lúc { $time }.

name-declined = Loại việc này ở đây không nhận tên. Muốn nêu tên, anh/chị xin gặp riêng chỉ huy phường ạ.
name-declined-at = Loại việc này ở đây không nhận tên. Muốn nêu tên, anh/chị xin gặp riêng chỉ huy phường ạ: { $address }
name-declined-fence = Tin này ở đây không nhận tên. Muốn nêu tên, anh/chị xin gặp riêng công an tỉnh, thành phố ạ.
name-declined-fence-at = Tin này ở đây không nhận tên. Muốn nêu tên, anh/chị xin gặp riêng ở đây ạ: { $address }

surrender = Muốn tự thú, đầu thú thì tới Công an phường, giờ nào cũng có người trực. Nên có người thân đi cùng.
surrender-at = Muốn tự thú, đầu thú thì tới Công an phường, giờ nào cũng có người trực: { $address } Nên có người thân đi cùng.
surrender-call = Chưa tới được thì gọi trực ban { $duty_phone } hoặc 113.
surrender-call-trial = Chưa tới được thì gọi 113.
surrender-not-here = Xin đừng kể việc đã làm ở đây. Khi gặp, cán bộ sẽ nghe và ghi lại. Lời vừa nhắn không ghi vào tin nào.
surrender-not-kept = lời này không được giữ

lookup-state-new-restricted = Tin { $code_tail } đã tới lúc { $time }, chưa có người đọc. Gấp thì xin gọi 113.
lookup-state-accepted-restricted = Đã có người đọc tin { $code_tail } lúc { $time }.
lookup-state-paper = Tin { $code_tail } nay nằm trong hồ sơ giấy, máy không còn giữ lời kể. Muốn biết tới đâu, xin gặp trực tiếp Công an phường ạ.
urgent-more-restricted = Đã ghi thêm, người đọc thấy cùng tin vừa gửi. Gọi được thì vẫn nên gọi 113.

complain-ask-fence = Về tin { $code_tail }, anh/chị chưa đồng ý điều gì ạ? Lời này tới công an cấp trên, không qua ai ở phường.
complain-noted-fence = Đã chuyển lời khiếu nại tới công an cấp trên. Khi có trả lời, anh/chị gõ "xem" là đọc được ở đây.
complain-file-fence = Đã chuyển tới công an cấp trên, kèm lời này. Muốn thêm gì, cứ nói, viết hoặc gửi ảnh tiếp. Xong thì bấm Thôi ạ.
complain-file-more-fence = Đã chuyển thêm tới công an cấp trên. Xong thì bấm Thôi ạ.
complain-words-only-fence = Lời khiếu nại đi thẳng tới công an cấp trên nên ở bước này chỉ nhận chữ. Anh/chị viết vài chữ giúp, hoặc bấm Chuyển luôn: không viết gì cũng được ạ.
complain-words-only-2-fence = Ảnh và ghi âm ở bước này chưa giữ được. Ngại viết thì bấm Chuyển luôn, công an cấp trên sẽ đọc lại tin của anh/chị ạ.
complain-words-only-3-fence = Máy chưa giữ thứ vừa gửi. Bấm Chuyển luôn là xong, hoặc bấm Thôi rồi gửi ảnh, ghi âm vào tin ạ.
button-complain-now-fence = Chuyển luôn
closed-by-desk-fence = { $done }, ngày { $date }, { $unit }. Cảm ơn anh/chị đã báo. Chưa đồng ý thì bấm Khiếu nại: lời này tới công an cấp trên, không qua ai ở phường.
threat-noted-fence =
    Đã chuyển lời này tới công an cấp trên. Đang nguy hiểm thì gọi ngay 113.

    Ai đe dọa, thế nào, lúc nào: nhắn thêm ở đây nếu tiện. Nên giữ lại tin nhắn, giấy tờ, ảnh làm chứng.
threat-more-fence = Đã chuyển thêm tới công an cấp trên. Đang nguy hiểm thì gọi 113.
data-noted-fence = Đã chuyển tới công an cấp trên. Hạn trả lời là hết ngày { $date }, anh/chị gõ "xem" để đọc. Tin đã vào sổ thì luật buộc phải giữ. Tài khoản, số gọi lại thì bấm Cắt liên lạc là xóa.

# True of a tip that only the superior police, or only the chief, read.
safe-shared-fence = Vậy máy sẽ không nhắn trước. Khi nào tiện, anh/chị gõ "xem". Đọc xong nên xóa đoạn nhắn này.
review-press-restricted = Bấm Gửi thì tin mới đi.
after-few-restricted = Tin đã gửi rồi. Còn vài câu giúp người đọc hiểu rõ hơn, không tiện thì bỏ qua ạ.
remind-restricted = Tin đang soạn chưa gửi nên chưa ai đọc. Bấm Gửi ngay là gửi. Đang nguy hiểm thì gọi 113.
after-voice-restricted = Đã nhận lời nói. Nói tiếp cũng được, viết vài chữ cũng được. Xong thì bấm Gửi ngay ạ.
noted-voice-short-restricted = Đã nhận thêm lời nói.
callback-ask-restricted = Có cần gọi lại không ạ? Cần thì gõ số điện thoại. Số này chỉ người nhận tin và người được giao việc thấy, có ghi lại ai đã xem.
lookup-state-paper-fence = Tin { $code_tail } nay nằm trong hồ sơ giấy, máy không còn giữ lời kể. Muốn biết tới đâu, xin gặp trực tiếp công an cấp trên ạ.
lookup-state-transferred-fence = Tin { $code_tail } đã được chuyển đi để giải quyết tiếp. Có kết quả gửi về sẽ báo lại ở đây.
lookup-added-restricted = Đã ghi thêm vào tin { $code_tail } lúc { $time }. Người đọc thấy cùng tin này.
lookup-more-help-restricted = Ai được đọc tin này thì đọc được lời này. Nút Bỏ qua, Khiếu nại thì chỉ có ở đoạn nhắn đã gửi tin.
nobody-accepted-fence = Công an cấp trên chưa ai xác nhận đã đọc. Đừng chờ ở đây: gọi 113, hoặc nhờ người bên cạnh gọi.
question-asked-fence =
    Công an cấp trên hỏi thêm về tin { $code_tail }:
    "{ $question }"

    Trả lời bằng chữ, giọng nói hay ảnh đều được. Không biết, không tiện thì bấm Bỏ qua, tin vẫn được xem tiếp.
    Ngại có người giả danh thì đừng trả lời, và đừng đọc mã tin cho ai.
status-entered-restricted = Tin { $code_tail } đã có người đọc và vào sổ lúc { $time }. Số trong sổ: { $number }.
status-transferred-fence = Ngày { $date }, tin { $code_tail } đã được chuyển tới { $agency } để giải quyết tiếp. Theo luật thường trong 20 ngày kể từ khi nơi đó nhận; việc khó có thể lâu hơn. Có kết quả gửi về sẽ báo lại ở đây.
status-elsewhere-fence = Việc trong tin { $code_tail } do { $agency } giải quyết: { $contact }. Công an cấp trên đã chuyển ngày { $date }.
status-kept-fence = Công an cấp trên đã đọc và ghi lại tin { $code_tail }, nhưng chưa đủ chi tiết để kiểm tra. Nhớ thêm nơi, giờ, biển số, anh/chị nhắn tiếp giúp.
status-kept-double-fence = Công an cấp trên đã đọc và ghi lại tin { $code_tail }. Nhớ thêm nơi, giờ, biển số, anh/chị nhắn tiếp giúp.
status-sorted-fence = Tin { $code_tail } đã được xếp loại để xem tiếp. Thấy gì mới, cứ nhắn thêm.
told-by-desk-fence =
    Công an cấp trên nhắn về tin { $code_tail }:
    "{ $text }"
appeal-answered-fence =
    Công an cấp trên trả lời anh/chị như sau:
    "{ $text }"
