"""Rows of the events table as sentences: who did what, when, and why."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from omnichannel.domain.case import Kind, Outcome
from omnichannel.domain.channel import STANZAS, Channel
from omnichannel.domain.organisation import Organisation
from omnichannel.domain.work import MACHINE, Happening
from omnichannel.web import labels, ppid_story
from omnichannel.web.wording import Wording

# Told in the history; {siapa} did it, {dari} and {ke} are what it was and became, {sebab} is the reason.
SENTENCES: Mapping[str, str] = {
    "assigned": "{siapa} menugaskan {ke}",
    "unassigned": "{siapa} melepas percakapan",
    "taken": "{siapa} mengambil percakapan",
    "taken_over": "{siapa} mengambil alih dari {dari}",
    "handed_on": "{siapa} memindahkan dari {dari} ke {ke}",
    "followed": "{siapa} mengikuti percakapan ini",
    "unfollowed": "{siapa} berhenti mengikuti",
    "passed": "{siapa} menyerahkan ke {ke}",
    "resolved": "{siapa} menandai selesai",
    "moved_by": "{siapa} menjalankan langkah: {ke}",
    "planned": "{siapa} merencanakan kiriman: {ke}",
    "plan_cancelled": "{siapa} membatalkan kiriman yang direncanakan",
    "plan_stopped": "Kiriman yang direncanakan tidak berangkat: {sebab} Tulisannya menjadi draf",
    "move_failed": "Langkah tidak dijalankan: {sebab}",
    "plan_failed": "Kiriman tidak berangkat: {sebab} Tulisannya menjadi draf",
    "reopened": "{siapa} membuka lagi",
    "labelled": "{siapa} memberi label {ke}",
    "unlabelled": "{siapa} melepas label {dari}",
    "unread": "{siapa} menandai belum dibaca",
    "rule_fired": "Aturan “{ke}” berjalan",
    "rule_held": "{siapa} ditahan: terlalu sering berjalan di percakapan ini",
    "rule_told": "{siapa} mengabari {ke}",
    "rule_undone": "{siapa} membatalkan yang dilakukan aturan “{dari}”",
    "undone": "{siapa} mengurungkan tindakan massal",
    "snoozed": "{siapa} menunda sampai {ke}",
    "snoozed_till_written": "{siapa} menunda sampai warga menulis",
    "snoozed_before_due": "{siapa} menunda sampai {ke}, {sebab} hari kerja sebelum batas",
    "woke": "Kembali dari tunda",
    "classified": "Mesin: {ke}, {sebab}",
    "reclassified": "{siapa} memperbaiki klasifikasi: {ke}",
    "confirmed": "{siapa} memastikan klasifikasi",
    "case_opened": "Nomor {ke} diberikan oleh {siapa}",
    "voided": "{siapa} membatalkan {dari}: {sebab}",
    "concluded": "{siapa} memutuskan: {ke}",
    "case_reopened": "{siapa} membuka lagi kasus: {sebab}",
    "lapor_status": "Kabar LAPOR: {ke}",
    "tracking_corrected": "{siapa} memperbaiki tracking ID menjadi {ke}",
    "not_judged": "Mesin tidak dapat membaca pesan ini",
    "forwarded": "{siapa} mengirim ke SP4N-LAPOR!, tracking ID {ke}",
    "wish": "Warga memilih: {ke}",
    "transfer_asked": "{siapa} meminta SP4N-LAPOR! melimpahkannya ke {ke}: {sebab}",
    "transfer_failed": "Permintaan pelimpahan ke {ke} tidak diterima SP4N-LAPOR!: {sebab}",
    "transfer_unsure": "Permintaan pelimpahan ke {ke} belum pasti sampai: {sebab}",
    "from_lapor": "Masuk dari SP4N-LAPOR! dengan tracking ID {ke}",
    "lapor_replied": "Tanggapan warga disampaikan ke SP4N-LAPOR!",
    "lapor_reply_unsure": "Tanggapan warga belum pasti sampai di SP4N-LAPOR!: {sebab}",
    "forward_asked": "{siapa} mengirimkannya ke SP4N-LAPOR!",
    "forward_held": "{siapa} menahan penerusan ke SP4N-LAPOR!: {sebab}",
    "forward_unsure": "Belum pasti sampai di SP4N-LAPOR!: {sebab}",
    "forward_failed": "SP4N-LAPOR! tidak menerima: {sebab}",
    "alarm": "Alarm 112 dibunyikan",
    "perhaps_danger": "Mesin menduga ada bahaya: {sebab}",
    "alarm_acknowledged": "{siapa} menerima alarm 112",
    "danger_confirmed": "{siapa} memastikan ini darurat",
    "danger_ruled_out": "{siapa} memastikan ini bukan darurat: {sebab}",
    "failed": "Kirim gagal: {sebab}",
    "unsure": "Belum pasti terkirim: {sebab}",
    "resent": "{siapa} mengirim ulang",
    "settled": "{siapa} memastikan pesan sudah sampai",
    "noted": "{siapa} menulis catatan internal",
    "stated": "Jenis yang dipilih: {ke}",
    "asked_unnamed": "Warga meminta anonim: identitasnya hanya ada di arsip penerimaan",
    "asked_secret": "Warga meminta isi laporannya dirahasiakan dari umum",
    "doubted": "Perlu dilihat petugas: {ke}",
    "held": "Ditahan sampai dilihat petugas: {ke}",
    "edited": "Warga menyunting pesannya",
    "withdrawn": "Warga menarik pesannya",
    "wrote_elsewhere": "Petugas menjawab langsung di aplikasi kanal",
    "recorded": "{siapa} mencatatnya: {ke}",
    "checked": "Warga menanyakan perkembangan lewat CEK; {ke}",
    "notice_withheld": "Kabar otomatis tidak dikirim: {sebab}",
    "answered_aside": "{siapa} membalas komentar secara pribadi",
    "opened_aside": "{siapa} melanjutkan komentar publik di sini, secara pribadi",
    "carried_over": "{siapa} memindahkan komentar ke pesan pribadi",
    "solved_in_public": "{siapa} menandai selesai di tempat umum",
    "hid": "{siapa} menyembunyikan komentar",
    "unhid": "{siapa} menampilkan lagi komentar",
    "veil_failed": "Komentar tidak dapat disembunyikan atau ditampilkan: {sebab}",
    "incident_joined": "{siapa} memasukkan percakapan ini ke peristiwa {ke}",
    "incident_left": "{siapa} mengeluarkan percakapan ini dari peristiwa {ke}",
    "set_aside": "{siapa} menyisihkan percakapan ini: {ke}",
    "brought_back": "{siapa} mengembalikan percakapan ini ke daftar",
    "clock_half": "Setengah waktu lewat untuk {dari}, batas {ke}. Diingatkan: {sebab}",
    "clock_last": "Hari terakhir untuk {dari}, {ke}. Diingatkan: {sebab}",
    "clock_over": "Lewat batas {dari}, {ke}. Diingatkan: {sebab}",
    "near_due": "Diingatkan: batas {ke}, {sebab} lagi",
    "overdue": "Diingatkan: lewat batas {ke}",
    "notice": "Kabar dari kanal: {sebab}",
    "named": "Nama warga didapat dari kanal: {ke}",
    "pasted": "{siapa} memasukkan kiriman ini dari {sebab}",
    "mail_joined": "{siapa} menggabungkannya ke {sebab}",
    "mail_taken_in": "{siapa} menggabungkan surel lepas ke sini",
    "mail_parted": "{siapa} memisahkannya lagi dari {sebab}",
    "mail_given_back": "{siapa} memisahkan lagi surel yang digabung ke sini",
    "mail_apart": "{siapa} memutuskan: bukan bagian dari {sebab}",
    "merged": "{siapa} menggabungkan {ke} ke sini",
    "merged_into": "{siapa} menggabungkannya ke {ke}",
    "unmerged": "{siapa} melepasnya lagi dari {ke}",
    "unmerged_from": "{siapa} melepas lagi {ke}",
    "split_off": "{siapa} memisahkan {ke} pesan dari sini",
    "split_from": "{siapa} memisahkannya dari {ke}",
    "split_undone": "{siapa} mengembalikan {ke} pesan ke sini",
    "contacts_linked": "{siapa} menghubungkan warga ini dengan {ke}: {sebab}",
    "contacts_apart": "{siapa} memutuskan bahwa {ke} warga lain",
    "contacts_parted": "{siapa} melepas hubungan dengan {ke}",
    "ticked": "{siapa} memeriksa: {ke}",
    "unticked": "{siapa} membuka lagi: {ke}",
    "maybe_part_of": "Mungkin bagian dari percakapan lain: {sebab}. Pengirimnya berbeda, jadi tidak digabung",
    "place_moved": "Lokasi yang dibagikan warga berpindah ke {ke}",
    "moved": "Warga berganti alamat di kanal: {dari} menjadi {ke}",
    **ppid_story.SENTENCES,
}

# What made a submission of the public forms look like a machine's.
DOUBTS: Mapping[str, str] = {
    "trap": "kolom jebakan terisi",
    "no_stamp": "formulir tanpa kunci kami",
    "too_fast": "dikirim terlalu cepat",
    "too_old": "formulir dibuka lebih dari sehari",
    "same_words": "isi sama dengan kiriman lain",
    "many": "banyak kiriman dari alamat yang sama",
    "flood": "terlalu banyak kiriman dari alamat yang sama",
}

# What became of a citizen's CEK.
CHECKED: Mapping[str, str] = {
    "cek": "dijawab otomatis",
    "cek_kode": "diminta kodenya",
    "cek_salah": "kodenya tidak cocok",
    "cek_umum": "diminta lewat pesan langsung",
    "cek_tunggu": "diminta menunggu",
    "cek_nomor": "diberi tahu nomornya",
    "cek_kosong": "diberi tahu belum ada nomor",
}

# Their reason is a sentence of ours; everybody else's was written by a person and stays as it is.
OUR_WORDS = frozenset(
    [
        "notice_withheld",
        "failed",
        "unsure",
        "plan_stopped",
        "plan_failed",
        "move_failed",
        "forward_unsure",
        "forward_failed",
        "lapor_reply_unsure",
        "near_due",
        "overdue",
        "objection_near",
        "objection_overdue",
    ]
)

# A thread without a case is kept by its number of ours, which no officer has ever seen: its account says enough.
MERGES = frozenset(["merged", "merged_into", "unmerged", "unmerged_from"])
THREAD = re.compile(r" #\d+$")

# The few that stand between the messages, and the sign beside them.
SIGNS: Mapping[str, str] = {
    "assigned": "user",
    "unassigned": "user",
    "taken": "user",
    "taken_over": "user",
    "handed_on": "user",
    "passed": "out",
    "resolved": "check",
    "reopened": "redo",
    "snoozed": "moon",
    "snoozed_till_written": "moon",
    "snoozed_before_due": "moon",
    "moved_by": "spark",
    "planned": "clock",
    "plan_cancelled": "x",
    "plan_stopped": "alert",
    "plan_failed": "alert",
    "move_failed": "alert",
    "woke": "moon",
    "reclassified": "spark",
    "confirmed": "check",
    "case_opened": "doc",
    "asked_unnamed": "lock",
    "asked_secret": "lock",
    "doubted": "alert",
    "held": "alert",
    "voided": "x",
    "forwarded": "horn",
    "wish": "horn",
    "transfer_asked": "horn",
    "transfer_failed": "alert",
    "transfer_unsure": "alert",
    "from_lapor": "horn",
    "lapor_replied": "horn",
    "lapor_reply_unsure": "alert",
    "forward_asked": "horn",
    "forward_held": "horn",
    "forward_unsure": "alert",
    "forward_failed": "alert",
    "concluded": "check",
    "case_reopened": "redo",
    "lapor_status": "horn",
    "tracking_corrected": "horn",
    "alarm": "siren",
    "alarm_acknowledged": "siren",
    "danger_confirmed": "siren",
    "recorded": "note",
    "checked": "doc",
    "notice_withheld": "alert",
    "answered_aside": "lock",
    "opened_aside": "lock",
    "hid": "eye",
    "unhid": "eye",
    "veil_failed": "alert",
    "clock_half": "clock",
    "clock_last": "clock",
    "clock_over": "alert",
    "near_due": "clock",
    "overdue": "clock",
    "wrote_elsewhere": "out",
    "merged": "merge",
    "unmerged_from": "split",
    "split_off": "split",
    "split_from": "split",
    "split_undone": "merge",
    "maybe_part_of": "alert",
    "moved": "user",
    "pasted": "copy",
    **ppid_story.SIGNS,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of the history. `sign` is set when it also stands between the messages."""

    id: int
    at: datetime
    words: str
    sign: str | None


def lines(happenings: Iterable[Happening], wording: Wording, organisation: Organisation) -> list[Line]:
    """The sentences of what staff care about; receipts and reactions have their own signs on the message."""
    found = []
    for happening in happenings:
        verb = _verb(happening)
        if verb in SENTENCES:
            text = wording.t(SENTENCES[verb], **_fields(happening, verb, wording, organisation))
            found.append(Line(happening.id, happening.at, text, SIGNS.get(verb)))
    return found


def _verb(happening: Happening) -> str:
    if happening.verb != "assigned":
        return happening.verb
    if happening.after is None:
        return "unassigned"
    if happening.before is not None:
        return "taken_over" if happening.after == happening.actor_name else "handed_on"
    return "taken" if happening.after == happening.actor_name else "assigned"


def _fields(happening: Happening, verb: str, wording: Wording, organisation: Organisation) -> dict[str, str]:
    who = happening.actor_name or "Sistem"
    return {
        "siapa": wording.t(who) if who == MACHINE.name else who,
        "dari": _day(happening.before or "", wording) if verb == "due_moved" else happening.before or "",
        "ke": _said(happening.after or "", verb, wording, organisation),
        "sebab": _why(happening.why or "", verb, wording, organisation),
    }


def _said(after: str, verb: str, wording: Wording, organisation: Organisation) -> str:
    """A code, a key or a date in words."""
    if verb in ("snoozed", "snoozed_before_due", "planned"):
        return _moment(after, wording)
    if verb in ("near_due", "overdue", "clock_half", "clock_last", "clock_over", *ppid_story.DAYS):
        return _day(after, wording)
    if verb in ("concluded", "ruling_drafted"):
        return wording.t(labels.OUTCOMES[Outcome(after)]) if after in set(Outcome) else after
    if verb in ("passed", *ppid_story.UNITS):
        return labels.unit_short(organisation, after) or wording.t("belum ada unit")
    if verb in ("classified", "stated"):
        return _kind(after, wording)
    if verb == "recorded":
        return wording.t(STANZAS[Channel(after)].word).lower() if after in set(Channel) else after
    if verb == "checked":
        return wording.t(CHECKED.get(after, after))
    if verb in ("doubted", "held"):
        return ", ".join(wording.t(DOUBTS.get(one, one)) for one in after.split(","))
    if verb == "reclassified":
        kind, _, rest = after.partition("/")
        topic, _, unit = rest.partition("/")
        named = (_kind(kind, wording), wording.t(labels.topic(topic)), labels.unit_short(organisation, unit))
        return ", ".join(part for part in named if part and part != "None")
    if verb in MERGES:
        return THREAD.sub("", after)
    return after


def _why(why: str, verb: str, wording: Wording, organisation: Organisation) -> str:
    if verb in OUR_WORDS:
        return wording.t(why)
    if verb in ("contacts_linked", "contacts_apart"):
        return ", ".join(wording.t(one) for one in why.split(", "))
    if verb != "classified":
        return why
    sure, *rest = why.split(" · ")
    topic, unit = (*rest, "", "")[:2]
    sure = sure.replace(" %", "%") if wording.english else sure
    named = (sure, wording.t(labels.topic(topic)), labels.unit_short(organisation, unit))
    return ", ".join(part for part in named if part)


def _kind(code: str, wording: Wording) -> str:
    return wording.t(labels.KINDS[Kind(code)]) if code in set(Kind) else code


def _moment(text: str, wording: Wording) -> str:
    try:
        return wording.moment(datetime.fromisoformat(text))
    except ValueError:
        return text


def _day(text: str, wording: Wording) -> str:
    try:
        return wording.day(datetime.fromisoformat(text).date())
    except ValueError:
        return text
