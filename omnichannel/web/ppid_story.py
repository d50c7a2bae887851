"""What happens to an information request, as the history tells it: `web.history` reads these beside its own."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "request_filled": "{siapa} mengisi permohonan: {ke}",
    "papers_added": "{siapa} menambah berkas permohonan",
    "paper_faulted": "{siapa} menandai berkas tidak terbaca: {sebab}",
    "paper_accepted": "{siapa} menerima berkas {ke}",
    "request_complete": "Permohonan lengkap",
    "completion_asked": "Pemohon diminta melengkapi lewat tautan",
    "extended": "{siapa} memperpanjang sampai {ke}: {sebab}",
    "due_moved": "Batas berpindah dari {dari} ke {ke}",
    "link_made": "{siapa} membuat tautan untuk {ke}",
    "link_used": "Tautan dipakai oleh {ke}",
    "link_revoked": "{siapa} mencabut tautan {ke}",
    "ruling_drafted": "{siapa} menyusun rancangan: {ke}",
    "ruling_returned": "{siapa} mengembalikan rancangan: {sebab}",
    "consequence_tested": "{siapa} mencatat uji konsekuensi {ke}",
    "task_given": "{siapa} meminta jawaban {ke}",
    "task_answered": "{siapa} menjawab untuk {ke}",
    "task_withdrawn": "{siapa} menarik tugas {ke}",
    "task_late": "Diingatkan: {ke} belum menjawab sampai batasnya",
    "objection_near": "Diingatkan: tanggapan keberatan {dari} paling lambat {ke}, {sebab} lagi",
    "objection_overdue": "Diingatkan: tanggapan keberatan {dari} lewat batas {ke}",
    "item_offered": "{siapa} menawarkan informasi yang sudah terbuka: {ke}",
    "item_accepted": "{siapa} menerima informasi yang sudah terbuka",
    "objection_filed": "Keberatan {ke} dicatat",
    "objection_late": "Keberatan {ke} dicatat, lewat waktu",
    "objection_answered": "Atasan PPID menanggapi keberatan {ke}",
    "objection_withdrawn": "Keberatan {ke} dicabut",
    "objection_response": "Tanggapan pemohon atas keberatan {ke} dicatat",
    "disputed": "Sengketa atas keberatan {ke} diajukan ke Komisi Informasi",
    "split": "Pesan ini juga menjadi {ke}",
    "letter_made": "{siapa} membuat surat {ke}",
    "letter_sent": "{siapa} mengirim kepada pemohon: {ke}",
    "letter_given": "{siapa} menyerahkan langsung: {ke}",
    "letter_opened": "Pemohon membuka {ke}",
    "released": "{siapa} membuat salinan yang dihitamkan: {ke}",
    "evidence_taken": "{siapa} mengunduh berkas bukti: {ke}",
}

SIGNS: Mapping[str, str] = {
    "request_complete": "check",
    "completion_asked": "out",
    "extended": "clock",
    "due_moved": "clock",
    "objection_filed": "alert",
    "objection_late": "alert",
    "objection_answered": "check",
    "disputed": "alert",
    "task_late": "clock",
    "objection_near": "clock",
    "objection_overdue": "clock",
    "split": "doc",
    "letter_made": "doc",
    "letter_sent": "out",
    "letter_given": "out",
    "released": "doc",
    "evidence_taken": "lock",
}

UNITS = ("task_given", "task_answered", "task_withdrawn", "task_late")
DAYS = ("extended", "due_moved", "objection_near", "objection_overdue")
