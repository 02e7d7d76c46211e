"""The access matrix, whole: every address of the desk for every role, asked of a real house; and for each kind of tip what each role
reads of it, wherever tips show. Whoever adds an address, a role or a kind of tip adds it here, and decides.
"""

import asyncio
import html
import json
import re
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import update
from sqlmodel import Session, col

from admin import counted
from admin.navigation import FOLDERS
from admin.routes import TABLE, Closed
from bot.runtime import Running
from handlers.officers import LEADER, ROLES, Role
from handlers.texts import say
from storage import moments, tables
from storage.ids import new_id
from storage.queries import aftercare, finding
from tests.factories import jpeg
from tests.opened import photos_done, rows
from tests.people import WebResident
from tests.sights import readers
from tests.station import Station, send, stationed

EVERYBODY: tuple[Role, ...] = (*ROLES, LEADER)
# The folders of the queue, for those who read tips at all.
FOLDERS_OF = """
              chief   duty    handler keeper  inspec.
can-lam       yes     yes     yes     yes     yes
moi           yes     yes     yes     yes     yes
cua-toi       yes     yes     yes     yes     -
qua-han       yes     yes     yes     yes     yes
cho-duyet     yes     yes     -       -       yes
chua-tra-loi  yes     yes     yes     yes     yes
cho-bo-sung   yes     yes     yes     yes     yes
da-chuyen     yes     yes     yes     yes     yes
cho-ket-qua   yes     yes     yes     yes     yes
giu-rieng     yes     yes     yes     yes     yes
luu-theo-doi  yes     yes     -       -       yes
nhan-thu      yes     -       -       yes     -
da-xong       yes     yes     yes     yes     yes
tat-ca        yes     yes     yes     yes     yes
"""
# Whether the role may come to the address at all. What is done there is decided once more where it is done, and for a tip by READS.
MATRIX = """
                                                              chief   duty    handler keeper  inspec. custod. admin. leader
GET  /admin/canh-bao                                          yes     yes     -       -       yes     -       -       -
GET  /admin/canh-bao/viet                                     yes     yes     -       -       -       -       -       -
POST /admin/canh-bao/viet                                     yes     yes     -       -       -       -       -       -
GET  /admin/canh-bao/toi                                      yes     yes     -       -       -       -       -       -
GET  /admin/canh-bao/{warning:[0-9]+}                         yes     yes     -       -       yes     -       -       -
GET  /admin/canh-bao/{warning:[0-9]+}/sua                     yes     yes     -       -       -       -       -       -
POST /admin/canh-bao/{warning:[0-9]+}/sua                     yes     yes     -       -       -       -       -       -
POST /admin/canh-bao/{warning:[0-9]+}/gui-thu                 yes     yes     -       -       -       -       -       -
POST /admin/canh-bao/{warning:[0-9]+}/gui-duyet               yes     yes     -       -       -       -       -       -
POST /admin/canh-bao/{warning:[0-9]+}/bo                      yes     yes     -       -       -       -       -       -
POST /admin/canh-bao/{warning:[0-9]+}/duyet                   yes     yes     -       -       -       -       -       -
POST /admin/canh-bao/{warning:[0-9]+}/phat-mot-minh           yes     yes     -       -       -       -       -       -
POST /admin/canh-bao/{warning:[0-9]+}/tra-lai                 yes     yes     -       -       -       -       -       -
POST /admin/canh-bao/{warning:[0-9]+}/duyet-sau               yes     yes     -       -       -       -       -       -
POST /admin/canh-bao/{warning:[0-9]+}/tam-dung                yes     yes     -       -       -       -       -       -
POST /admin/canh-bao/{warning:[0-9]+}/tiep                    yes     yes     -       -       -       -       -       -
POST /admin/canh-bao/{warning:[0-9]+}/dung                    yes     yes     -       -       -       -       -       -
POST /admin/canh-bao/{warning:[0-9]+}/chua-ro                 yes     yes     -       -       -       -       -       -
GET  /admin/canh-bao/{warning:[0-9]+}/tinh-hinh               yes     yes     -       -       yes     -       -       -
GET  /admin/canh-bao/{warning:[0-9]+}/anh/{shape:[0-9]+}      yes     yes     -       -       yes     -       -       -
GET  /admin/canh-bao/{warning:[0-9]+}/thong-bao               yes     yes     -       -       yes     -       -       -
GET  /admin/canh-bao/{warning:[0-9]+}/loa                     yes     yes     -       -       yes     -       -       -
GET  /admin/canh-bao/{warning:[0-9]+}/loa/tep                 yes     yes     -       -       yes     -       -       -
GET  /admin/canh-bao/mau                                      yes     yes     -       -       yes     -       -       -
GET  /admin/canh-bao/mau/mot                                  yes     yes     -       -       -       -       -       -
POST /admin/canh-bao/mau/mot                                  yes     yes     -       -       -       -       -       -
POST /admin/canh-bao/mau/an                                   yes     yes     -       -       -       -       -       -
POST /admin/canh-bao/mau/goc                                  yes     yes     -       -       -       -       -       -
GET  /admin/canh-bao/lich                                     yes     yes     -       -       yes     -       -       -
POST /admin/canh-bao/lich                                     yes     yes     -       -       -       -       -       -
POST /admin/canh-bao/lich/dau                                 yes     yes     -       -       -       -       -       -
POST /admin/canh-bao/lich/bo                                  yes     yes     -       -       -       -       -       -
GET  /admin/nhom/do-phu                                       yes     yes     -       -       yes     -       yes     -
GET  /admin/nhom                                              yes     yes     -       -       yes     -       yes     -
POST /admin/nhom/ma                                           yes     yes     -       -       -       -       yes     -
POST /admin/nhom/{group:[0-9]+}/da-xem                        yes     yes     -       -       -       -       yes     -
POST /admin/nhom/{group:[0-9]+}/to                            yes     yes     -       -       -       -       yes     -
POST /admin/nhom/{group:[0-9]+}/thoi                          yes     yes     -       -       -       -       yes     -
POST /admin/dang-xuat                                         yes     yes     yes     yes     yes     yes     yes     yes
GET  /admin/tro-giup                                          yes     yes     yes     yes     yes     yes     yes     -
GET  /admin/tro-giup/in                                       yes     yes     yes     yes     yes     yes     yes     -
GET  /admin/tro-giup/{topic:[a-z0-9-]+}                       yes     yes     yes     yes     yes     yes     yes     -
GET  /admin/may-cua-toi                                       yes     yes     yes     yes     yes     yes     yes     -
GET  /admin/may-cua-toi/ma-hai-buoc                           yes     yes     yes     yes     yes     yes     yes     -
POST /admin/may-cua-toi/ma-hai-buoc                           yes     yes     yes     yes     yes     yes     yes     -
POST /admin/may-cua-toi/ma-hai-buoc/doi                       yes     yes     yes     yes     yes     yes     yes     -
POST /admin/may-cua-toi/ma-khoi-phuc                          yes     yes     yes     yes     yes     yes     yes     -
POST /admin/may-cua-toi/pin                                   yes     yes     yes     yes     yes     yes     yes     -
POST /admin/may-cua-toi/phien/{session:[0-9]+}/thoi           yes     yes     yes     yes     yes     yes     yes     -
POST /admin/may-cua-toi/may/{device:[0-9]+}/thoi              yes     yes     yes     yes     yes     yes     yes     -
GET  /admin/phien                                             yes     -       -       -       -       -       -       -
POST /admin/phien/{session:[0-9]+}/thoi                       yes     -       -       -       -       -       -       -
POST /admin/phien/may/{device:[0-9]+}/thoi                    yes     -       -       -       -       -       -       -
POST /admin/phien/ma/{officer:[0-9]+}/xoa                     yes     -       -       -       -       -       -       -
POST /admin/phien/bat-buoc                                    yes     -       -       -       -       -       -       -
POST /admin/phien/da-xem                                      yes     -       -       -       -       -       -       -
GET  /admin/cho-vao                                           yes     yes     -       -       -       -       -       -
POST /admin/cho-vao                                           yes     yes     -       -       -       -       -       -
POST /admin/khoa/dong                                         yes     yes     yes     yes     yes     yes     yes     -
GET  /admin/khoa                                              yes     yes     yes     yes     yes     yes     yes     -
POST /admin/khoa                                              yes     yes     yes     yes     yes     yes     yes     -
POST /admin/khoa/pin                                          yes     yes     yes     yes     yes     yes     yes     -
POST /admin/khoa/loi                                          yes     yes     yes     yes     yes     yes     yes     -
GET  /admin/khoa/loi                                          yes     yes     yes     yes     yes     yes     yes     -
POST /admin/khoa/loi/xong                                     yes     yes     yes     yes     yes     yes     yes     -
GET  /admin/khoa/chuong                                       yes     yes     yes     yes     yes     yes     yes     -
GET  /admin/khoa/tay                                          yes     yes     yes     yes     yes     yes     yes     -
POST /admin/khoa/gio                                          yes     -       -       -       -       -       -       -
GET  /admin                                                   yes     yes     yes     yes     yes     yes     yes     yes
GET  /admin/                                                  yes     yes     yes     yes     yes     yes     yes     yes
POST /admin/tim                                               yes     yes     yes     yes     yes     -       -       -
GET  /admin/song                                              yes     yes     yes     yes     yes     yes     yes     -
GET  /admin/tin/{tip:[0-9]+}                                  yes     yes     yes     yes     yes     -       -       -
GET  /admin/tin/{tip:[0-9]+}/in/tin                           yes     yes     yes     yes     yes     -       -       -
GET  /admin/tin/{tip:[0-9]+}/in/de-xuat                       yes     yes     yes     yes     yes     -       -       -
GET  /admin/tin/{tip:[0-9]+}/in/phieu-chuyen                  yes     yes     yes     yes     yes     -       -       -
POST /admin/tin/{tip:[0-9]+}/in/phieu-chuyen                  yes     yes     yes     yes     yes     -       -       -
POST /admin/tin/{tip:[0-9]+}/da-doc                           yes     yes     -       yes     -       -       -       -
POST /admin/tin/{tip:[0-9]+}/loai                             yes     yes     yes     yes     -       -       -       -
POST /admin/tin/{tip:[0-9]+}/hoi                              yes     yes     yes     yes     -       -       -       -
POST /admin/tin/{tip:[0-9]+}/nhan                             yes     yes     yes     yes     -       -       -       -
POST /admin/tin/{tip:[0-9]+}/khong-can-tra-loi                yes     yes     yes     yes     -       -       -       -
POST /admin/tin/{tip:[0-9]+}/ket-thuc                         yes     yes     yes     yes     -       -       -       -
POST /admin/tin/{tip:[0-9]+}/mo-lai                           yes     yes     yes     yes     -       -       -       -
POST /admin/tin/{tip:[0-9]+}/han-che                          yes     yes     yes     -       -       -       -       -
POST /admin/tin/{tip:[0-9]+}/bo-han-che                       yes     -       -       -       -       -       -       -
POST /admin/tin/{tip:[0-9]+}/du-luan                          yes     yes     -       -       -       -       -       -
POST /admin/tin/{tip:[0-9]+}/het-du-luan                      yes     yes     -       -       -       -       -       -
POST /admin/tin/{tip:[0-9]+}/ho-so-giay                       yes     yes     yes     yes     -       -       -       -
POST /admin/tin/{tip:[0-9]+}/rut-ho-so-giay                   yes     yes     yes     yes     -       -       -       -
GET  /admin/ho-so-giay                                        yes     yes     -       yes     -       -       -       -
POST /admin/ho-so-giay/{paper:[0-9]+}/dong-y                  yes     yes     -       yes     -       -       -       -
POST /admin/ho-so-giay/{paper:[0-9]+}/tu-choi                 yes     yes     -       yes     -       -       -       -
POST /admin/tin/{tip:[0-9]+}/giu-rieng                        yes     -       -       -       -       -       -       -
POST /admin/giu-rieng/{block:[0-9]+}/bo                       yes     -       -       -       -       -       -       -
GET  /admin/thu-gui                                           yes     -       -       yes     -       -       -       -
GET  /admin/thu-gui/{letter:[0-9]+}                           yes     -       -       yes     -       -       -       -
POST /admin/thu-gui/{letter:[0-9]+}/tra-loi                   yes     -       -       yes     -       -       -       -
POST /admin/thu-gui/{letter:[0-9]+}/da-noi                    yes     -       -       yes     -       -       -       -
GET  /admin/cai-dat                                           yes     -       -       -       -       -       yes     -
GET  /admin/cai-dat/to-dan                                    yes     -       -       -       -       -       yes     -
GET  /admin/bat-dau                                           yes     -       -       -       -       -       -       -
GET  /admin/bat-dau/{step:[a-z0-9-]+}                         yes     -       -       -       -       -       -       -
POST /admin/bat-dau/{step:[a-z0-9-]+}                         yes     -       -       -       -       -       -       -
POST /admin/bat-dau/{step:[a-z0-9-]+}/bo-qua                  yes     -       -       -       -       -       -       -
GET  /admin/luu-giu                                           yes     -       -       -       -       -       -       -
POST /admin/luu-giu                                           yes     -       -       -       -       -       -       -
POST /admin/luu-giu/goc                                       yes     -       -       -       -       -       -       -
GET  /admin/kenh                                              yes     -       -       -       -       -       yes     -
POST /admin/kenh/thu                                          yes     -       -       -       -       -       yes     -
POST /admin/kenh/zalo                                         yes     -       -       -       -       -       yes     -
GET  /admin/kenh/zalo/ve                                      yes     -       -       -       -       -       yes     -
GET  /admin/kenh/quyen                                        yes     -       -       -       -       -       -       -
POST /admin/kenh/quyen                                        yes     -       -       -       -       -       -       -
POST /admin/kenh/zalo/muc                                     yes     -       -       -       -       -       -       -
GET  /admin/may-chu                                           yes     -       -       -       -       -       yes     -
POST /admin/may-chu/mo                                        yes     -       -       -       -       -       -       -
GET  /admin/can-bo                                            yes     -       -       -       -       -       -       -
POST /admin/can-bo/them                                       yes     -       -       -       -       -       -       -
POST /admin/can-bo/{officer:[0-9]+}/duong-dan                 yes     -       -       -       -       -       -       -
POST /admin/can-bo/{officer:[0-9]+}/vai-tro                   yes     -       -       -       -       -       -       -
GET  /admin/can-bo/{officer:[0-9]+}/chuyen                    yes     -       -       -       -       -       -       -
POST /admin/can-bo/{officer:[0-9]+}/chuyen                    yes     -       -       -       -       -       -       -
POST /admin/can-bo/{officer:[0-9]+}/dong                      yes     -       -       -       -       -       -       -
POST /admin/can-bo/{officer:[0-9]+}/mo-lai                    yes     -       -       -       -       -       -       -
GET  /admin/noi                                               yes     -       -       -       -       -       yes     -
POST /admin/noi/nhap                                          yes     -       -       -       -       -       yes     -
POST /admin/noi/them                                          yes     -       -       -       -       -       yes     -
GET  /admin/noi/{place:[0-9]+}                                yes     -       -       -       -       -       yes     -
POST /admin/noi/{place:[0-9]+}                                yes     -       -       -       -       -       yes     -
POST /admin/noi/{place:[0-9]+}/thoi                           yes     -       -       -       -       -       yes     -
POST /admin/noi/ma                                            yes     -       -       -       -       -       yes     -
GET  /admin/noi/ma/{code:[0-9A-Za-z_-]+}                      yes     -       -       -       -       -       yes     -
GET  /admin/noi/ma/{code:[0-9A-Za-z_-]+}/in                   yes     -       -       -       -       -       yes     -
POST /admin/noi/ma/{spot:[0-9]+}/thoi                         yes     -       -       -       -       -       yes     -
GET  /admin/noi/ranh-gioi                                     yes     -       -       -       -       -       yes     -
POST /admin/noi/ranh-gioi                                     yes     -       -       -       -       -       yes     -
POST /admin/noi/ranh-gioi/ghi                                 yes     -       -       -       -       -       yes     -
POST /admin/noi/ranh-gioi/bo                                  yes     -       -       -       -       -       yes     -
GET  /admin/ban-do                                            yes     yes     -       -       yes     -       -       -
GET  /admin/ban-do/o                                          yes     yes     -       -       yes     -       -       -
GET  /admin/ban-do/ranh-gioi                                  yes     yes     yes     yes     yes     -       -       -
GET  /admin/ban-do/danh-sach                                  yes     yes     -       -       yes     -       -       -
POST /admin/ban-do/vi-tri                                     yes     yes     -       -       -       -       -       -
GET  /admin/anh/{attachment:[0-9]+}/{size:nho|vua}            yes     yes     yes     yes     yes     -       -       -
GET  /admin/anh/{attachment:[0-9]+}                           yes     yes     yes     yes     yes     -       -       -
POST /admin/anh/{attachment:[0-9]+}/che                       yes     yes     yes     yes     -       -       -       -
GET  /admin/anh/{attachment:[0-9]+}/che/{covered:[0-9]+}      yes     yes     yes     yes     yes     -       -       -
POST /admin/anh/{attachment:[0-9]+}/che/{covered:[0-9]+}/tai-ve yes   yes     yes     yes     yes     -       -       -
GET  /admin/nghe-xem/{attachment:[0-9]+}                      yes     yes     yes     yes     yes     -       -       -
POST /admin/tai-ve/{attachment:[0-9]+}                        yes     yes     yes     yes     yes     -       -       -
POST /admin/tin/{tip:[0-9]+}/so-goi-lai                       yes     yes     yes     yes     -       -       -       -
POST /admin/tin/{tip:[0-9]+}/xin-mo                           yes     yes     yes     -       -       -       -       -
POST /admin/tin/{tip:[0-9]+}/xin-ban-goc                      yes     yes     yes     -       -       -       -       -
GET  /admin/loi-nhan                                          yes     -       -       -       -       -       yes     -
GET  /admin/loi-nhan/cau                                      yes     -       -       -       -       -       yes     -
POST /admin/loi-nhan/cau                                      yes     -       -       -       -       -       -       -
POST /admin/loi-nhan/goc                                      yes     -       -       -       -       -       -       -
POST /admin/loi-nhan/xem-thu                                  yes     -       -       -       -       -       -       -
GET  /admin/loai-viec                                         yes     -       -       -       -       -       yes     -
POST /admin/loai-viec/nut                                     yes     -       -       -       -       -       -       -
GET  /admin/loai-viec/mot                                     yes     -       -       -       -       -       yes     -
POST /admin/loai-viec/mot                                     yes     -       -       -       -       -       -       -
POST /admin/loai-viec/goc                                     yes     -       -       -       -       -       -       -
GET  /admin/thu-tuc                                           yes     -       -       -       -       -       yes     -
GET  /admin/thu-tuc/muc                                       yes     -       -       -       -       -       yes     -
POST /admin/thu-tuc/muc                                       yes     -       -       -       -       -       -       -
POST /admin/thu-tuc/an                                        yes     -       -       -       -       -       -       -
POST /admin/thu-tuc/doi-cho                                   yes     -       -       -       -       -       -       -
POST /admin/thu-tuc/goc                                       yes     -       -       -       -       -       -       -
POST /admin/thu-tuc/noi-lam                                   yes     -       -       -       -       -       -       -
GET  /admin/niem-phong                                        yes     yes     yes     -       -       yes     -       -
GET  /admin/niem-phong/in                                     yes     -       -       -       -       -       -       -
POST /admin/niem-phong/nguoi-giu                              yes     yes     yes     -       -       yes     -       -
GET  /admin/niem-phong/khoa                                   yes     yes     yes     -       -       yes     -       -
POST /admin/niem-phong/khoa                                   yes     yes     yes     -       -       yes     -       -
POST /admin/niem-phong/khoi-phuc                              yes     yes     yes     -       -       yes     -       -
POST /admin/niem-phong/xac-nhan/{custodian:[0-9]+}            yes     yes     yes     -       -       yes     -       -
POST /admin/niem-phong/thoi-giu/{custodian:[0-9]+}            yes     yes     yes     -       -       yes     -       -
POST /admin/niem-phong/yeu-cau/{opening:[0-9]+}/dong-y        yes     yes     yes     -       -       yes     -       -
POST /admin/niem-phong/yeu-cau/{opening:[0-9]+}/tu-choi       yes     yes     yes     -       -       yes     -       -
POST /admin/niem-phong/yeu-cau/{opening:[0-9]+}/xem           yes     yes     yes     -       -       -       -       -
POST /admin/niem-phong/yeu-cau/{opening:[0-9]+}/tai           yes     yes     yes     -       -       -       -       -
POST /admin/tin/{tip:[0-9]+}/buoc                              yes     yes     yes     yes     -       -       -       -
POST /admin/tin/{tip:[0-9]+}/giao                              yes     yes     -       -       -       -       -       -
POST /admin/tin/{tip:[0-9]+}/cu-nguoi                          yes     yes     -       -       -       -       -       -
POST /admin/tin/{tip:[0-9]+}/cu-nguoi/{dispatch:[0-9]+}/buoc   yes     yes     -       -       -       -       -       -
POST /admin/tin/{tip:[0-9]+}/cu-nguoi/{dispatch:[0-9]+}/sua    yes     yes     -       -       -       -       -       -
POST /admin/tin/{tip:[0-9]+}/cu-nguoi/{dispatch:[0-9]+}/thoi   yes     yes     -       -       -       -       -       -
GET  /admin/chua-giao                                          yes     yes     -       -       -       -       -       -
GET  /admin/phu-trach                                          yes     -       -       -       -       -       -       -
POST /admin/phu-trach                                          yes     -       -       -       -       -       -       -
GET  /admin/nhap-tin                                           yes     yes     -       -       -       -       -       -
POST /admin/nhap-tin                                           yes     yes     -       -       -       -       -       -
POST /admin/tin/{tip:[0-9]+}/them-tep                          yes     yes     -       -       -       -       -       -
POST /admin/tin/{tip:[0-9]+}/ma-moi                            yes     yes     -       -       -       -       -       -
GET  /admin/tin/{tip:[0-9]+}/su-viec                           yes     yes     -       -       -       -       -       -
POST /admin/tin/{tip:[0-9]+}/su-viec/tim                       yes     yes     -       -       -       -       -       -
POST /admin/tin/{tip:[0-9]+}/su-viec/noi                       yes     yes     -       -       -       -       -       -
POST /admin/tin/{tip:[0-9]+}/su-viec/tach                      yes     yes     -       -       -       -       -       -
POST /admin/tin/{tip:[0-9]+}/biet-ro                           yes     yes     -       -       -       -       -       -
POST /admin/tin/{tip:[0-9]+}/ghi-chu                           yes     yes     yes     yes     -       -       -       -
POST /admin/tin/{tip:[0-9]+}/ghi-chu/{note:[0-9]+}/gach        yes     yes     yes     yes     -       -       -       -
GET  /admin/tin/{tip:[0-9]+}/dang-xem                          yes     yes     yes     yes     yes     -       -       -
GET  /admin/tep/{attachment:[0-9]+}                            yes     yes     yes     yes     yes     -       -       -
GET  /admin/cho-duyet                                          yes     -       -       yes     -       -       -       -
POST /admin/cho-duyet/{held:[0-9]+}/gui                        yes     -       -       yes     -       -       -       -
POST /admin/cho-duyet/{held:[0-9]+}/tra                        yes     -       -       yes     -       -       -       -
GET  /admin/cau-san                                            yes     -       -       -       -       -       yes     -
GET  /admin/cau-san/mot                                        yes     -       -       -       -       -       yes     -
POST /admin/cau-san/mot                                        yes     -       -       -       -       -       -       -
POST /admin/cau-san/goc                                        yes     -       -       -       -       -       -       -
GET  /admin/so                                                 yes     yes     -       -       yes     -       -       -
GET  /admin/so/chep                                            yes     yes     -       -       yes     -       -       -
GET  /admin/so/doi-chieu                                       yes     yes     -       -       yes     -       -       -
POST /admin/so/doi-chieu                                       yes     yes     -       -       -       -       -       -
GET  /admin/so/{entry:[0-9]+}                                  yes     yes     -       -       yes     -       -       -
POST /admin/so/{entry:[0-9]+}/tich                             yes     yes     -       -       -       -       -       -
POST /admin/so/{entry:[0-9]+}/sua                              yes     yes     -       -       -       -       -       -
POST /admin/so/{entry:[0-9]+}/doi-so                           yes     yes     -       -       -       -       -       -
GET  /admin/ngan/{folder:[a-z0-9-]+}                          yes     yes     yes     yes     yes     -       -       -
GET  /admin/so-lieu                                            yes     yes     -       -       yes     -       -       -
GET  /admin/so-lieu/danh-sach                                  yes     yes     -       -       yes     -       -       -
GET  /admin/giay-to                                            yes     yes     -       -       yes     -       -       -
GET  /admin/giay-to/so                                         yes     yes     -       -       yes     -       -       -
GET  /admin/giay-to/giao-ca                                    yes     yes     -       -       yes     -       -       -
GET  /admin/nhat-ky                                            yes     -       -       -       yes     -       -       -
GET  /admin/nhat-ky/niem-phong                                 yes     -       -       -       yes     -       -       -
GET  /admin/nhat-ky/du-lieu                                    yes     -       -       -       yes     -       -       -
GET  /admin/nhat-ky/khoang-trong                               yes     -       -       -       yes     -       -       -
POST /admin/nhat-ky/khoang-trong                               yes     -       -       -       -       -       -       -
GET  /admin/han                                                yes     yes     yes     yes     yes     -       -       -
GET  /admin/thoi-han                                           yes     -       -       -       -       -       -       -
POST /admin/thoi-han                                           yes     -       -       -       -       -       -       -
POST /admin/thoi-han/goc                                       yes     -       -       -       -       -       -       -
POST /admin/thoi-han/ngay                                      yes     -       -       -       -       -       -       -
POST /admin/thoi-han/ngay/bo                                   yes     -       -       -       -       -       -       -
GET  /admin/bao-dong                                          yes     yes     yes     yes     yes     yes     yes     -
GET  /admin/chuong                                             yes     yes     -       -       -       -       -       -
POST /admin/chuong                                             yes     -       -       -       -       -       -       -
POST /admin/tin/{tip:[0-9]+}/lo-viec                           yes     yes     -       yes     -       -       -       -
GET  /admin/lich-truc                                          yes     yes     yes     -       yes     -       -       -
POST /admin/lich-truc/mau                                      yes     -       -       -       -       -       -       -
POST /admin/lich-truc/mau/{pattern:[0-9]+}/thoi                yes     -       -       -       -       -       -       -
POST /admin/lich-truc/ca                                       yes     -       -       -       -       -       -       -
POST /admin/lich-truc/ca/{shift:[0-9]+}                        yes     -       -       -       -       -       -       -
POST /admin/lich-truc/ca/{shift:[0-9]+}/huy                    yes     -       -       -       -       -       -       -
GET  /admin/giao-ca                                            yes     yes     -       -       -       -       -       -
POST /admin/giao-ca                                            yes     yes     -       -       -       -       -       -
GET  /admin/dien-thoai                                        yes     yes     yes     yes     -       -       -       -
POST /admin/dien-thoai/ma                                     yes     yes     yes     yes     -       -       -       -
POST /admin/dien-thoai/{link:[0-9]+}/thoi                     yes     yes     yes     yes     -       -       -       -
POST /admin/dien-thoai/{link:[0-9]+}/trich                     yes     -       -       -       -       -       -       -
GET  /admin/to-truong                                         -       -       -       -       -       -       -       yes
POST /admin/to-truong/{target:[0-9]+}/da-dang                 -       -       -       -       -       -       -       yes
POST /admin/to-truong/{target:[0-9]+}/chua-dang               -       -       -       -       -       -       -       yes
GET  /admin/to-truong/{target:[0-9]+}/anh                     -       -       -       -       -       -       -       yes
POST /admin/to-truong/ma                                      -       -       -       -       -       -       -       yes
GET  /admin/to-truong/xin-phat                                -       -       -       -       -       -       -       yes
POST /admin/to-truong/xin-phat                                -       -       -       -       -       -       -       yes
GET  /admin/to-truong/bao-giup                                -       -       -       -       -       -       -       yes
POST /admin/to-truong/bao-giup                                -       -       -       -       -       -       -       yes
GET  /admin/danh-ba-to-truong                                 yes     -       -       -       -       -       yes     -
POST /admin/danh-ba-to-truong/them                            yes     -       -       -       -       -       yes     -
POST /admin/danh-ba-to-truong/so                              yes     -       -       -       -       -       yes     -
POST /admin/danh-ba-to-truong/{officer:[0-9]+}/sua            yes     -       -       -       -       -       yes     -
POST /admin/danh-ba-to-truong/{officer:[0-9]+}/duong-dan      yes     -       -       -       -       -       yes     -
POST /admin/danh-ba-to-truong/{officer:[0-9]+}/ma             yes     -       -       -       -       -       yes     -
POST /admin/danh-ba-to-truong/{officer:[0-9]+}/mat-may        yes     -       -       -       -       -       yes     -
POST /admin/danh-ba-to-truong/{officer:[0-9]+}/dong           yes     -       -       -       -       -       yes     -
POST /admin/danh-ba-to-truong/{officer:[0-9]+}/mo-lai         yes     -       -       -       -       -       yes     -
GET  /admin/can-goi-to-truong                                 yes     yes     -       -       -       -       -       -
POST /admin/can-goi-to-truong/{officer:[0-9]+}/so             yes     yes     -       -       -       -       -       -
POST /admin/can-goi-to-truong/{target:[0-9]+}/da-dang         yes     yes     -       -       -       -       -       -
POST /admin/can-goi-to-truong/{target:[0-9]+}/chua-dang       yes     yes     -       -       -       -       -       -
"""

# What each role reads of a tip: all of it, that there is one ("stub"), or nothing at all; "off": these pages are not theirs.
READS = """
                      chief   duty    handler keeper  inspec. custod. admin. leader
ordinary              all     all     -       -       all     off     off     off
given to the handler  all     all     all     -       all     off     off     off
only for the chief    all     stub    -       -       stub    off     off     off
given, then the chief all     stub    -       -       stub    off     off     off
corruption            all     stub    -       -       stub    off     off     off
fenced                stub    stub    -       all     stub    off     off     off
fenced and corruption stub    stub    -       all     stub    off     off     off
"""
SECRET_WORD = "quytrongsan"


def cells(table: str, columns: int) -> dict[str, list[str]]:
    lines = [line for line in table.strip("\n").splitlines()[1:]]
    return {" ".join(line.split()[:-columns]): line.split()[-columns:] for line in lines}


@pytest.fixture
async def station(house: Running) -> AsyncIterator[Station]:
    async with stationed(house, {role: role for role in EVERYBODY[1:]}) as station:
        yield station


async def test_access_every_address_for_every_role(station: Station) -> None:
    """A form without its token is refused as old by whoever may use it, so that nothing happens here."""
    refused, met = html.escape(say("desk-not-yours", "vi")), {}
    for one in TABLE:
        if isinstance(one, Closed):
            address = re.sub(r"\{(\w+):[^}]*\}", lambda found: {"size": "nho", "folder": "can-lam"}.get(found[1], "7"), one.path)
            answers = []
            for role in EVERYBODY:
                person = station.people[role]
                status, page = await (person.get(address) if one.method == "GET" else person.post(address))
                assert status < 500, (one, role)
                # Where a large file comes along, the token is read with it: there is no tip 7, and that is said before.
                assert one.method == "GET" or status == 403 or (one.reads_itself and status == 404), (one, role)
                answers.append("-" if status == 403 and refused in page else "yes")
            met[f"{one.method} {one.path}"] = answers

    assert met == cells(MATRIX, len(EVERYBODY))


async def test_access_nobody_without_an_account(station: Station) -> None:
    stranger = await station.browser()
    for one in TABLE:
        if isinstance(one, Closed):
            address = re.sub(r"\{(\w+):[^}]*\}", lambda found: {"size": "nho", "folder": "can-lam"}.get(found[1], "7"), one.path)
            async with stranger.http.request(one.method, station.house.address + address, allow_redirects=False) as answer:
                assert (answer.status, answer.headers["Location"].split("?")[0]) == (303, "/admin/dang-nhap"), one


async def test_access_every_folder_for_every_role(station: Station) -> None:
    """Whoever has it finds it at the side; whoever has not is refused at its address, and lists none of it beside a tip."""
    met = {}
    for slug in FOLDERS:
        answers = [await station.people[role].get(f"/admin?ngan={slug}") for role in ROLES[:5]]
        at_side = [f'href="/admin?ngan={slug}"' in (await station.people[role].get("/admin"))[1] for role in ROLES[:5]]
        met[slug] = ["yes" if status == 200 else "-" for status, _page in answers]
        assert at_side == [status == 200 for status, _page in answers], slug

    assert met == cells(FOLDERS_OF, 5)
    assert {role for role in ROLES if 'href="/admin/thu-gui?loai=khieu-nai"' in (await station.people[role].get("/admin"))[1]} == {
        "chief",
        "keeper",
    }


async def test_access_what_each_role_reads_of_each_kind_of_tip(
    station: Station, browser: WebResident, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the list, by searching, on its page, its photo, among the counts and alarms, its letters, and what may be asked of it."""
    monkeypatch.setattr(counted, "LASTS", 0)
    house, seen = station.house, {}
    tip_id, photo_id = await tell(station, browser)
    kinds: dict[str, dict[str, object]] = {
        "ordinary": {},
        "given to the handler": {"handler_id": station.ids["handler"]},
        "only for the chief": {"restricted": "chief"},
        "given, then the chief": {"restricted": "chief", "handler_id": station.ids["handler"]},
        "corruption": {"category": "TN"},
        "fenced": {"restricted": "fence"},
        "fenced and corruption": {"restricted": "fence", "category": "TN"},
    }
    stubs: set[str] = set()
    pages: set[str] = set()
    for kind, changed in kinds.items():
        await house.memory.write(lambda session, changed=changed: become(session, tip_id, changed))  # type: ignore[misc]
        seen[kind] = [await read_of(station, role, tip_id, photo_id, stubs=stubs, pages=pages) for role in EVERYBODY]
        may_act = await house.memory.read(lambda session: readers(session, house.ward().id, tip_id))
        assert may_act == {station.ids[role] for role, read in zip(EVERYBODY, seen[kind], strict=True) if read == "all"}, kind

    assert seen == cells(READS, len(EVERYBODY))
    assert len(stubs) == 1  # Whichever kind of restriction it is, and whoever looks.
    assert len(pages) == 1
    turned_away = {actor for actor, what in await rows(house, tables.HistoryRow, "actor", "what") if what == "turned_away"}
    assert turned_away == {f"officer:{station.ids[role]}" for role in ("chief", "duty", "inspector")}


async def tell(station: Station, browser: WebResident) -> tuple[int, int]:
    """An urgent tip with words to find, a photo, and a letter to the chief about it."""
    await browser.say(f"Có chuyện {SECRET_WORD} ở cuối ngõ")
    await browser.hears("ạ?")
    await browser.send_photo(jpeg())
    await browser.hears("Đã nhận")
    await browser.sends("shared")
    await browser.hears("Mã tin")
    await photos_done(station.house, 1)
    [(tip_id,)] = await rows(station.house, tables.Tip, "id")
    [(photo_id,)] = await rows(station.house, tables.Attachment, "id")
    [(chat_id,)] = await rows(station.house, tables.Chat, "id")
    ward_id = station.house.ward().id

    def threaten(session: Session) -> None:
        values = {"appeal_id": new_id(), "ward_id": ward_id, "chat_id": chat_id, "tip_id": tip_id}
        aftercare.keep_appeal(session, **values, kind="threat", about="", words="", now=5, due_at=None)

    await station.house.memory.write(threaten)
    for _ in range(200):
        if not await station.house.memory.read(lambda session: finding.is_index_due(session, ward_id)):
            return tip_id, photo_id
        await asyncio.sleep(0.05)
    raise AssertionError("the words were not indexed within seconds")


def become(session: Session, tip_id: int, changed: dict[str, object]) -> None:
    values = {"restricted": "", "category": "", "handler_id": None, "urgent_at": moments.now()} | changed
    session.execute(update(tables.Tip).where(col(tables.Tip.id) == tip_id).values(**values))


async def read_of(station: Station, role: str, tip_id: int, photo_id: int, *, stubs: set[str], pages: set[str]) -> str:
    """What this role has of it, told alike by every place; anything else is a difference, and named."""
    person = station.people[role]
    list_status, listed = await person.get("/admin?ngan=tat-ca")
    found_status, found = await send(person, "/admin/tim", tim=SECRET_WORD)
    page_status, page = await person.get(f"/admin/tin/{tip_id}")
    photo_status, _photo = await person.bytes_of(f"/admin/anh/{photo_id}/nho")
    assert (await person.get(f"/admin/anh/{photo_id}"))[0] == photo_status, role  # Its page.
    download_status, _download = await send(person, f"/admin/tai-ve/{photo_id}")
    news_status, told_now = await person.get("/admin/bao-dong")
    news = json.loads(told_now) if news_status == 200 else {"folders": {}}  # A leader has no alarms.
    asked_status, _asked = await send(person, f"/admin/tin/{tip_id}/xin-ban-goc", reason="Cần bản gốc làm chứng cứ")
    stub = re.search(r'<li class="stub">.*?</li>', listed, re.DOTALL)
    told = {
        "list": "all" if SECRET_WORD in listed else "stub" if stub else "-",
        "found": "all" if f"/admin/tin/{tip_id}" in found else "-",
        "page": {200: "all", 403: "stub", 404: "-"}[page_status],
        "photo": {200: "all", 403: "stub", 404: "-"}[photo_status],
        "download": {404: "-", 403: "stub"}[download_status],  # A photo is no document: nobody has this, not even who reads it.
        "news": ("all" if news["urgents"] else "-") if "urgents" in news else "off",
        "letters": ("all" if news["threats"] else "-") if "threats" in news else "off",
        "asked": {303: "all", 200: "all", 403: "stub", 404: "-"}[asked_status],
    }
    if stub:
        stubs.add(stub[0])
        pages.add(re.sub(r'<span>[^<]* · [^<]*</span>|value="[0-9a-f]+"|data-\w+="\d+"', "", page[page.index("<main") :]))
    nothing_of_it = SECRET_WORD not in page + listed.replace("value", "") if told["page"] != "all" else True
    assert nothing_of_it, role
    assert bool(news["folders"]) is (told["page"] == "all") or told["page"] == "off", role
    if (list_status, found_status, page_status, photo_status, told["news"], told["letters"]) == (200, 403, 403, 403, "off", "off"):
        return "off"
    letters_are = "off" if told["letters"] == "off" else "all" if told["page"] == "all" else "-"
    asks = asked_status == 403 and told["page"] != "stub"
    expected = {
        "all": {"list": "all", "found": "all", "photo": "all", "download": "-", "news": "all", "asked": "stub" if asks else "all"},
        "stub": {"list": "stub", "found": "-", "photo": "stub", "download": "stub", "news": "-", "asked": "stub"},
        "-": {"list": "-", "found": "-", "photo": "-", "download": "-", "news": "-", "asked": "stub" if asks else "-"},
    }[told["page"]]
    assert told == {"page": told["page"], **expected, "letters": letters_are}, role
    return told["page"]
