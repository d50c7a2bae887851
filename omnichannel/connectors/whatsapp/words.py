"""What staff read of WhatsApp's own news."""

# Webhook fields that are no message:
# https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview (2026-11-22).
FIELDS = {
    "account_alerts": "Pemberitahuan akun WhatsApp",
    "account_review_update": "Tinjauan akun WhatsApp Business",
    "account_settings_update": "Pengaturan akun WhatsApp berubah",
    "account_update": "Keadaan akun WhatsApp Business berubah",
    "automatic_events": "Peristiwa otomatis iklan",
    "business_capability_update": "Kemampuan akun WhatsApp Business berubah",
    "business_status_update": "Keadaan usaha di Meta berubah",
    "business_username_update": "Nama pengguna akun WhatsApp berubah",
    "calls": "Panggilan WhatsApp",
    "flows": "Keadaan Flow berubah",
    "group_lifecycle_update": "Grup WhatsApp dibuat atau dihapus",
    "group_participants_update": "Anggota grup WhatsApp berubah",
    "group_settings_update": "Pengaturan grup WhatsApp berubah",
    "group_status_update": "Keadaan grup WhatsApp berubah",
    "history": "Riwayat percakapan dari aplikasi WhatsApp Business diterima",
    "message_template_components_update": "Isi templat berubah",
    "message_template_quality_update": "Mutu templat berubah",
    "message_template_status_update": "Status templat berubah",
    "messaging_handovers": "Percakapan dialihkan antaraplikasi",
    "partner_solutions": "Kerja sama dengan mitra Meta berubah",
    "payment_configuration_update": "Pengaturan pembayaran berubah",
    "phone_number_name_update": "Tinjauan nama tampilan nomor kita",
    "phone_number_quality_update": "Mutu atau batas kirim nomor kita berubah",
    "security": "Keamanan nomor kita berubah",
    "smb_app_state_sync": "Kontak di aplikasi WhatsApp Business berubah",
    "standby": "Aplikasi lain memegang percakapan",
    "template_category_update": "Kategori templat berubah",
    "template_correct_category_detection": "Meta menilai kategori templat keliru",
    "tracking_events": "Peristiwa pelacakan",
    "user_preferences": "Pilihan warga berubah",
    "user_id_update": "Tanda pengguna WhatsApp warga berubah",
}
# Facts of such news worth a line, in this order; the payload itself stays in the ledger.
FACTS = (
    "event", "decision", "message_template_name", "message_template_language", "reason", "new_quality_score",
    "previous_category", "new_category", "correct_category", "display_phone_number", "phone_number", "current_limit",
    "max_daily_conversation_per_phone", "requested_verified_name", "rejection_reason", "alert_type", "alert_status",
    "alert_severity", "alert_description", "entity_type", "status", "username", "name", "message", "old_status",
    "new_status", "message_template_title", "message_template_element", "message_template_footer", "disable_date",
    "waba_ban_date", "violation_type", "restriction_type", "expiration",
)  # fmt: skip

# https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/system and
# …/reference/messages/unsupported (2026-11-22).
MOVED = "Warga mengganti nomor WhatsApp: {old} menjadi {new}."
RENAMED = "Tanda pengguna WhatsApp warga berubah, biasanya karena ganti nomor: {old} menjadi {new}."
IDENTITY = (
    "Ponsel atau pemasangan WhatsApp warga ini berganti. Pastikan orangnya masih sama sebelum membuka data pribadi."
)
SYSTEM = {
    "customer_changed_number": MOVED,
    "user_changed_number": MOVED,
    "user_changed_user_id": RENAMED,
    "user_id_update": RENAMED,
    "customer_identity_changed": IDENTITY,
    "user_identity_changed": IDENTITY,
}
PREFERENCES = {
    "stop": "Warga tidak mau lagi menerima pesan pemasaran dari kita.",
    "resume": "Warga mau lagi menerima pesan pemasaran dari kita.",
}
WELCOME = "Warga membuka percakapan ini untuk pertama kali, belum menulis apa pun."
UNSUPPORTED = "[Pesan WhatsApp yang tidak diteruskan kepada kita{kind}{why}]"
EPHEMERAL = "[Pesan sementara: WhatsApp tidak meneruskan isinya]"
HISTORY = "{phrase}: {n} pesan lama. Isinya tersimpan di arsip penerimaan."
REFUSED_HISTORY = "Riwayat percakapan di aplikasi WhatsApp Business tidak dibagikan."
WARNING = "WhatsApp memperingatkan tentang pesan kita{why}."
STATUS = "Kabar pengiriman lain dari WhatsApp: {status}."
ERROR = "WhatsApp melaporkan kesalahan{why}."
CALLED = "Warga menelepon lewat WhatsApp. Jawab dengan pesan, atau telepon kembali."
CALL = "Panggilan WhatsApp: {event}."
CONTACT = {"add": "Kontak disimpan di aplikasi WhatsApp", "remove": "Kontak dihapus dari aplikasi WhatsApp"}
