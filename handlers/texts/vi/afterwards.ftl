# After the receipt, and what is asked beside a tip.

knock = Có cập nhật. Gõ "xem" khi tiện ạ.
button-see = Xem
accepted = Cán bộ trực đã đọc lúc { $time }.
safe-ask = Có ai khác hay cầm máy này không ạ?
button-alone = Chỉ một mình
button-shared = Có người xem chung
safe-alone = Đã ghi: chỉ một mình cầm máy này.
safe-shared = Vậy Công an phường sẽ không nhắn trước. Khi nào tiện, anh/chị gõ "xem". Đọc xong nên xóa đoạn nhắn này.
receipt-shared =
    Đã nhận tin lúc { $time }, ngày { $date }. Xin cảm ơn anh/chị.

    Mã tin: { $code }

    Cán bộ trực sẽ đọc và vào sổ. Công an phường sẽ không nhắn trước; khi tiện anh/chị gõ "xem". Nhớ thêm gì, cứ nhắn tiếp.

    Mã này giữ riêng: ai có mã là xem được tin tới đâu. Đọc xong nên xóa đoạn nhắn này.
receipt-blocked = Đoạn nhắn này đã gửi nhiều tin cần xem lại. Tới { $date }, tin gửi ở đây được giữ riêng: vẫn vào máy, vẫn có người đọc, chỉ chậm hơn.
review-hidden = đã ghi, { $count } chữ
review-press = Bấm Gửi thì tin mới tới trực ban.
button-show-story = Xem lại
category-all = Đây là tất cả các loại việc. Không thấy thì chọn Việc khác ạ.
button-all-categories = Xem hết các loại
button-neighbourhoods = Chọn tổ dân phố
neighbourhood-ask = Chuyện xảy ra ở tổ nào ạ?
button-more = Xem thêm
spot-ask = Việc này có phải ở { $place } không ạ?
button-spot-yes = Đúng chỗ này
button-spot-no = Ở chỗ khác
place-ask-after = Chuyện xảy ra ở đâu ạ? Gửi vị trí, hoặc gõ: số nhà, ngõ, tổ mấy. Ngại nói rõ thì ghi tên đường thôi cũng được.
place-ask-after-typed = Chuyện xảy ra ở đâu ạ? Anh/chị gõ giúp: số nhà, ngõ, tổ mấy. Ngại nói rõ thì ghi tên đường thôi cũng được.
after-few = Tin đã tới trực ban rồi. Còn vài câu giúp cán bộ hiểu rõ hơn, không tiện thì bỏ qua ạ.
after-noted = Đã ghi thêm vào tin.
after-done = Vậy là đủ rồi. Nhớ thêm gì, cứ nhắn tiếp ạ.
button-enough = Thôi
ready = Vâng ạ. Có chuyện gì, cứ nhắn luôn.
remind = Tin đang soạn chưa gửi nên chưa tới trực ban. Bấm Gửi ngay là tới. Đang nguy hiểm thì gọi 113.
same-words = Lời này đã nhắn vài lần rồi nên máy tạm không trả lời nữa. Điều đã kể vẫn còn nguyên. Xin nhắn câu khác, gấp thì gọi 113.
draft-open = Đang có một tin chưa gửi. Gửi tin đó trước, hay để đó rồi báo việc khác ạ?
button-send-this = Gửi tin đó
button-lay-aside = Để đó, báo việc khác
aside-full = Đã có một tin để đó rồi. Xin gửi hoặc hủy tin này trước khi báo việc nữa ạ.
aside-waits = Còn một tin đang soạn dở lúc nãy. Kể tiếp tin đó không ạ?
button-take-up = Kể tiếp tin đó
button-drop-aside = Bỏ tin đó
retracted = Đã bỏ điều đó khỏi tin đang soạn.
retracted-too-late = Tin { $code_tail } gửi rồi nên lời đó vẫn ở trong sổ. Muốn sửa ý, anh/chị nhắn thêm ạ.
retracted-nothing = Lời đó không ở trong tin đang soạn, nên không còn gì để rút. Lời đã gửi trong tin thì vẫn ở trong sổ ạ.
review-old = Phần xem lại này cũ rồi, xin xem phần mới hơn ở dưới ạ.
not-a-place = Ở bước này máy chưa đọc được thứ vừa gửi. Anh/chị gõ tên đường hoặc tổ mấy giúp ạ.
not-a-choice = Ở bước này máy chưa đọc được thứ vừa gửi. Anh/chị bấm một nút dưới đây giúp ạ.
no-such-number = Máy chưa thấy số đó trong các lựa chọn. Anh/chị bấm một nút, hoặc gõ chữ giúp ạ.
not-understood-3 = Máy đọc được chữ, ảnh, file, giọng nói và vị trí. Không tiện thì bấm một nút dưới đây, gấp thì gọi 113 ạ.
not-understood-3-typed = Kênh này chỉ mang tới chữ, ảnh và giọng nói. Không tiện thì gõ một dòng dưới đây, gấp thì gọi 113 ạ.
withheld = Zalo không chuyển tới thứ vừa gửi: có thể là video, file, vị trí, hoặc lời nhắn Zalo giữ lại. Anh/chị gõ vài chữ, gửi ảnh hay giọng nói giúp ạ. Gấp thì gọi 113.
withheld-web = Zalo không chuyển tới thứ vừa gửi: có thể là video, file, vị trí, hoặc lời nhắn Zalo giữ lại. Anh/chị gõ vài chữ giúp, hoặc gửi ở trang { $address } ạ. Gấp thì gọi 113.
choose-number = Gõ số để chọn:
choose-words = Hoặc gõ:
file-at-web = Có ảnh hoặc giấy tờ kèm theo. Xem ở { $address }/tra-cuu, gõ mã tin.
file-at-desk = Có ảnh hoặc giấy tờ kèm theo, mà kênh này không gửi được. Anh/chị nhắn lại ở đây xem cách nào tiện ạ.
name-again-2 = Máy vẫn chưa thấy tên. Không nêu tên cũng được, tin vẫn vào sổ ạ.
name-again-3 = Chưa có tên nào được ghi. Bấm một nút dưới đây là xong, muốn nêu tên sau cũng được ạ.
callback-again-2 = Máy vẫn chưa thấy số điện thoại. Không cần gọi lại cũng không sao ạ.
callback-again-3 = Chưa có số nào được ghi. Bấm một nút dưới đây là xong, gấp thì gọi 113 ạ.
noted-photo-short = Đã nhận { $count } ảnh.
noted-file-short = Đã nhận thêm file.
noted-voice-short = Đã nhận thêm lời nói, cán bộ trực sẽ nghe.
too-many-photos-sent = Đã đủ ảnh cho tin này. Còn nữa thì bấm Báo việc khác rồi gửi ạ.

lookup-state-closed = Tin { $code_tail } đã kết thúc lúc { $time }.
lookup-state-entered = Cán bộ trực đã đọc và vào sổ tin { $code_tail }. Số trong sổ: { $number }.
lookup-state-checking = Tin { $code_tail } đang được kiểm tra. Thấy gì mới, cứ nhắn thêm.
lookup-state-transferred = Tin { $code_tail } đã được chuyển đi để giải quyết tiếp. Có kết quả gửi về, Công an phường sẽ báo lại.
lookup-too-many-chat = Vừa rồi nhiều mã chưa đúng nên máy tạm không dò nữa. Xin thử lại sau một giờ. Có chuyện mới thì cứ nhắn luôn ạ.
tip-chosen = Từ giờ nhắn thêm ở đây là ghi vào tin { $code_tail }.
button-add-to = Nhắn thêm vào tin { $code_tail }
button-more-wishes = Việc khác với tin này
more-wishes = Anh/chị cần gì ạ?
button-complain = Khiếu nại
button-threatened = Tôi thấy bị đe dọa
button-my-data = Dữ liệu của tôi
question-asked =
    Cán bộ trực hỏi thêm về tin { $code_tail }:
    "{ $question }"

    Trả lời bằng chữ, giọng nói hay ảnh đều được. Không biết, không tiện thì bấm Bỏ qua, tin vẫn được xem tiếp.
    Ngại có người giả danh thì gọi trực ban { $duty_phone }, đọc bốn ký tự cuối của mã tin để hỏi lại.
question-answered = Đã ghi câu trả lời vào tin { $code_tail }. Cảm ơn anh/chị.
question-skipped = Không sao ạ, tin { $code_tail } vẫn được xem tiếp.
status-entered = Cán bộ trực đã đọc và vào sổ tin { $code_tail } lúc { $time }. Số trong sổ: { $number }.
status-checking = Tin { $code_tail } đang được kiểm tra. Chưa kể chi tiết ở đây được, mong anh/chị thông cảm. Thấy gì mới, cứ nhắn thêm.
status-transferred = Ngày { $date }, tin { $code_tail } đã được chuyển tới { $agency } để giải quyết tiếp. Theo luật thường trong 20 ngày kể từ khi nơi đó nhận; việc khó có thể lâu hơn. Có kết quả gửi về, Công an phường sẽ báo lại.
status-elsewhere = Việc trong tin { $code_tail } do { $agency } giải quyết: { $contact }. Công an phường đã chuyển ngày { $date }.
status-kept = Công an phường đã đọc và ghi lại tin { $code_tail }, nhưng chưa đủ chi tiết để kiểm tra. Nhớ thêm nơi, giờ, biển số, anh/chị nhắn tiếp giúp.
status-sorted = Tin { $code_tail } đã được xếp loại và giao cho cán bộ lo tiếp. Thấy gì mới, cứ nhắn thêm.
status-urgent = Tin { $code_tail } được xếp vào loại khẩn lúc { $time }. Còn nguy hiểm thì gọi 113, đừng chờ ở đây.
status-acknowledged = Ngày { $date }, { $agency } đã nhận tin { $code_tail } để giải quyết. Theo luật thường trong 20 ngày; việc khó có thể lâu hơn. Có kết quả gửi về sẽ báo lại ở đây.
status-prolonged = Nơi đang giải quyết tin { $code_tail } cần thêm thời gian. Theo luật thường không quá 2 tháng kể từ ngày nhận. Có kết quả gửi về sẽ báo lại ở đây.
status-extended = Nơi đang giải quyết tin { $code_tail } được viện kiểm sát cho thêm thời gian, nhiều nhất 2 tháng nữa. Có kết quả gửi về sẽ báo lại ở đây.
status-suspended = Từ ngày { $date }, việc giải quyết tin { $code_tail } tạm dừng vì còn chờ { $awaited }. Khi giải quyết tiếp sẽ báo lại ở đây.
awaited-expertise = kết quả giám định
awaited-value = kết quả định giá tài sản
awaited-papers = giấy tờ từ nơi khác
awaited-abroad = nước ngoài trả lời
awaited-disaster = hết thiên tai, dịch bệnh
status-resumed = Từ ngày { $date }, tin { $code_tail } được giải quyết tiếp. Theo luật là trong 1 tháng. Có kết quả gửi về sẽ báo lại ở đây.
status-settled = Nơi giải quyết tin { $code_tail } đã có kết quả ngày { $date }. Việc gì đã làm sẽ được nhắn lại ở đây.
status-administrative = Việc trong tin { $code_tail } đang được xử lý hành chính. Xong việc sẽ nhắn lại ở đây: đã làm gì, ngày nào.
status-kept-double = Công an phường đã đọc và ghi lại tin { $code_tail }. Nhớ thêm nơi, giờ, biển số, anh/chị nhắn tiếp giúp.
status-reopened = Tin { $code_tail } đã được mở lại để xem tiếp. Thấy gì mới, cứ nhắn thêm.
told-by-desk =
    Công an phường nhắn về tin { $code_tail }:
    "{ $text }"
closed-by-desk = { $done }, ngày { $date }, { $unit }. Cảm ơn anh/chị đã báo. Chưa đồng ý thì bấm Khiếu nại: lời này tới chỉ huy, không qua cán bộ đã làm.
closed-by-desk-chief = { $done }, ngày { $date }, { $unit }. Cảm ơn anh/chị đã báo. Chưa đồng ý thì bấm Khiếu nại.
rating-ask = Anh/chị thấy việc trả lời thế nào ạ? Không bấm cũng được.
button-rate-1 = 1 · Rất chưa được
button-rate-2 = 2 · Chưa được
button-rate-3 = 3 · Tạm được
button-rate-4 = 4 · Tốt
button-rate-5 = 5 · Rất tốt
rating-noted = Đã ghi, cảm ơn anh/chị.
rating-over = Lời đánh giá này giờ không ghi được nữa. Có chuyện gì, cứ nhắn ạ.
complain-no-tip = Đoạn nhắn này chưa gửi tin nào để khiếu nại. Có mã tin thì gõ mã vào đây trước ạ.
complain-ask = Về tin { $code_tail }, anh/chị chưa đồng ý điều gì ạ? Lời này tới chỉ huy, không qua cán bộ đã làm.
complain-ask-chief = Về tin { $code_tail }, anh/chị chưa đồng ý điều gì ạ? Tin này chỉ huy đã làm, và lời này cũng tới chỉ huy. Muốn nơi khác xem, xin gửi công an tỉnh, thành phố.
complain-ask-chief-at = Về tin { $code_tail }, anh/chị chưa đồng ý điều gì ạ? Tin này chỉ huy đã làm, và lời này cũng tới chỉ huy. Muốn nơi khác xem, xin gửi thẳng: { $address }
complain-ask-chief-or-superior = Về tin { $code_tail }, anh/chị chưa đồng ý điều gì ạ? Tin này chỉ huy đã làm, và lời này cũng tới chỉ huy. Muốn công an cấp trên đọc thay thì bấm nút dưới rồi kể lại.
complain-noted = Đã chuyển lời khiếu nại tới chỉ huy. Khi có trả lời, anh/chị gõ "xem" là đọc được ở đây.
complain-file = Đã chuyển tới chỉ huy, kèm lời này. Muốn thêm gì, cứ nói, viết hoặc gửi ảnh tiếp. Xong thì bấm Thôi ạ.
complain-file-more = Đã chuyển thêm tới chỉ huy. Xong thì bấm Thôi ạ.
complain-words-only = Lời khiếu nại đi thẳng tới chỉ huy nên ở bước này chỉ nhận chữ. Anh/chị viết vài chữ giúp, hoặc bấm Chuyển chỉ huy luôn: không viết gì cũng được ạ.
complain-words-only-2 = Ảnh và ghi âm ở bước này chưa giữ được. Ngại viết thì bấm Chuyển chỉ huy luôn, chỉ huy sẽ đọc lại tin của anh/chị ạ.
complain-words-only-3 = Máy chưa giữ thứ vừa gửi. Bấm Chuyển chỉ huy luôn là xong, hoặc bấm Thôi rồi gửi ảnh, ghi âm vào tin ạ.
button-complain-now = Chuyển chỉ huy luôn
threat-noted =
    Đã chuyển lời này tới chỉ huy. Đang nguy hiểm thì gọi ngay 113, hoặc trực ban { $duty_phone }.

    Ai đe dọa, thế nào, lúc nào: nhắn thêm ở đây nếu tiện. Nên giữ lại tin nhắn, giấy tờ, ảnh làm chứng.
threat-noted-trial =
    Đã chuyển lời này tới chỉ huy. Đang nguy hiểm thì gọi ngay 113.

    Ai đe dọa, thế nào, lúc nào: nhắn thêm ở đây nếu tiện. Nên giữ lại tin nhắn, giấy tờ, ảnh làm chứng.
threat-more = Đã chuyển thêm tới chỉ huy. Đang nguy hiểm thì gọi 113.
data-what = Về dữ liệu của anh/chị ở đây, anh/chị muốn gì ạ?
button-data-know = Biết đang giữ gì
button-data-correct = Sửa chỗ chưa đúng
button-data-delete = Xóa
button-data-withdraw = Rút lại đồng ý
data-words = Anh/chị nói rõ thêm giúp ạ, hoặc bấm Bỏ qua để gửi luôn.
data-noted = Đã chuyển tới Công an phường. Hạn trả lời là hết ngày { $date }, anh/chị gõ "xem" để đọc. Tin đã vào sổ thì luật buộc phải giữ. Tài khoản, số gọi lại thì bấm Cắt liên lạc là xóa.
appeal-answered =
    Công an phường trả lời anh/chị như sau:
    "{ $text }"

procedure-ask = Anh/chị hỏi thủ tục gì ạ? Gõ vài chữ, ví dụ "làm căn cước".
procedure-which = Có phải một trong các thủ tục này không ạ?
procedure-unknown = Máy chưa có câu trả lời cho việc này. Anh/chị hỏi cách khác, hoặc bấm Gửi thành tin để cán bộ trả lời ạ.
procedure-unknown-2 = Máy vẫn chưa tìm ra. Anh/chị gõ tên giấy tờ, ví dụ "căn cước", hoặc bấm Gửi thành tin để cán bộ trả lời ạ.
procedure-unknown-3 = Câu này máy cũng chưa trả lời được. Bấm Gửi thành tin là tới cán bộ trực, hoặc Hỏi thủ tục để xem những gì có sẵn ạ.
button-procedures = Hỏi thủ tục
button-other-procedure = Hỏi thủ tục khác
button-make-tip = Gửi thành tin
button-edit-about = Về anh/chị
button-edit-safe = Ai cầm máy này
command-thutuc = Hỏi thủ tục
