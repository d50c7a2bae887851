"""How numbers, moments and days are written on a screen: in the office's zone, in the reader's language."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from omnichannel.domain.calendar import MONTHS, WEEKDAYS, WorkingCalendar
from omnichannel.web.english import translated

DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHORT_ID = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
SHORT_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NOTHING = "–"
KILO = 1024


@dataclass(frozen=True, slots=True)
class Chip:
    """The clock of a case in a list. `tone` is "", "soon", "today" or "late"; `title` names the day in full.

    `spoken` is a label without its abbreviation, for whoever hears it; empty where the label has none.
    """

    label: str
    tone: str
    title: str
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """One reader's way of writing things: language, zone, and the moment they look."""

    lang: str
    zone: tzinfo
    zone_name: str
    now: datetime
    calendar: WorkingCalendar

    @property
    def today(self) -> date:
        """The office's own date."""
        return self.calendar.day(self.now)

    @property
    def english(self) -> bool:
        return self.lang == "en"

    def t(self, text: str, /, **fields: object) -> str:
        """The sentence in the reader's language; its `{fields}` filled in."""
        return translated(text, self.lang, fields)

    def clock(self, moment: datetime | None) -> str:
        """14.05 in Indonesian, 14:05 in English."""
        if moment is None:
            return NOTHING
        return self._local(moment).strftime("%H:%M" if self.english else "%H.%M")

    def day(self, when: date | None) -> str:
        """Kamis, 17 Des 2026."""
        if when is None:
            return NOTHING
        day = self._date(when)
        names = DAYS_EN if self.english else WEEKDAYS
        return f"{names[day.weekday()]}, {self._shortday(day)} {day.year}"

    def shortday(self, when: date | None) -> str:
        """17 Des; with the year when it is not this one."""
        if when is None:
            return NOTHING
        day = self._date(when)
        return self._shortday(day) if day.year == self.today.year else f"{self._shortday(day)} {day.year}"

    def longday(self, when: date | None) -> str:
        """17 Desember 2026, as a letter writes it."""
        if when is None:
            return NOTHING
        day = self._date(when)
        return f"{self._shortday(day)} {day.year}" if self.english else f"{day.day} {MONTHS[day.month - 1]} {day.year}"

    def month(self, number: int) -> str:
        """Nov, as a picture's axis says it."""
        return (SHORT_EN if self.english else SHORT_ID)[number - 1]

    def moment(self, moment: datetime | None) -> str:
        """17 Des 2026, 14.05 WITA."""
        if moment is None:
            return NOTHING
        day = self._date(moment)
        return f"{self._shortday(day)} {day.year}, {self.clock(moment)} {self.zone_name}"

    def between(self, since: datetime, until: datetime) -> str:
        """17 Des 2026, 12.05–13.05 WITA; the first day too where they are two."""
        if self._date(since) == self._date(until):
            begin = f"{self._shortday(self._date(since))} {self._date(since).year}, {self.clock(since)}"
            return f"{begin}–{self.clock(until)} {self.zone_name}" if since != until else f"{begin} {self.zone_name}"
        return f"{self.moment(since)} – {self.moment(until)}"

    def ago(self, moment: datetime | None) -> str:
        """How long ago, as short as a list wants it: baru saja, 2 menit, 1 jam, kemarin, 17 Des."""
        if moment is None:
            return NOTHING
        passed, days = self.now - moment, (self.today - self._date(moment)).days
        if passed < timedelta(minutes=1):
            return self.t("baru saja")
        if passed < timedelta(hours=1):
            return self.t("{n} menit", n=passed // timedelta(minutes=1))
        if days == 0 or passed < timedelta(hours=6):
            return self.t("{n} jam", n=passed // timedelta(hours=1))
        return self.t("kemarin") if days == 1 else self.shortday(moment)

    def size(self, count: int | None) -> str:
        """184 KB, 1,2 MB: as a file manager says it."""
        if count is None:
            return NOTHING
        if count < KILO:
            return f"{self.number(count)} B"
        value, unit = count / KILO, "KB"
        for larger in ("MB", "GB", "TB"):
            if value < KILO - 0.5:
                break
            value, unit = value / KILO, larger
        rounded = round(value, 1)
        whole = unit == "KB" or rounded >= 10 or rounded.is_integer()
        return f"{self.number(round(value) if whole else rounded)} {unit}"

    def number(self, value: float | None) -> str:
        """1.234 and 4,4 in Indonesian; 1,234 and 4.4 in English."""
        if value is None:
            return NOTHING
        text = f"{value:,}"
        return text if self.english else text.translate(str.maketrans(",.", ".,"))

    def percent(self, share: float | None) -> str:
        """0.923 is 92 %, in English 92%. What is not certain never reads 100 %."""
        if share is None:
            return NOTHING
        whole = round(share * 100) if share >= 1 else min(99, round(share * 100))
        return f"{whole}%" if self.english else f"{whole} %"

    def due_chip(self, due: date | None, today: date | None = None) -> Chip | None:
        """Whole working days left, today not counted; None where no clock runs."""
        if due is None:
            return None
        today = today or self.today
        left = self.calendar.working_days_between(today, due)
        title = self.t("Batas {day}", day=self.day(due))
        if due < today:
            if not left:
                return Chip(self.t("lewat"), "late", title)
            spoken = self.t("lewat {n} hari kerja", n=-left)
            return Chip(self.t("lewat {n} hk", n=-left), "late", f"{spoken}. {title}", spoken)
        if due == today:
            return Chip(self.t("hari ini"), "today", title)
        spoken = self.t("{n} hari kerja lagi", n=left)
        return Chip(self.t("{n} hk", n=left), "soon" if left <= 2 else "", f"{spoken}. {title}", spoken)

    def shut_chip(self, shuts: datetime | None) -> Chip | None:
        """How long the channel's reply window still stands open, in its last day; the law's clock has a chip of its own."""
        if shuts is None or not timedelta(0) < shuts - self.now <= timedelta(days=1):
            return None
        left = shuts - self.now
        hours, minutes = left // timedelta(hours=1), left // timedelta(minutes=1)
        said = self.t("tutup {n} jam", n=hours) if hours else self.t("tutup {n} mnt", n=minutes)
        title = self.t("Jendela balas kanal menutup {saat}", saat=self.moment(shuts))
        return Chip(said, "today" if hours < 2 else "soon" if hours < 6 else "", title)

    def _local(self, moment: datetime) -> datetime:
        if moment.utcoffset() is None:
            raise ValueError(f"a naive time names no moment: {moment!r}")
        return moment.astimezone(self.zone)

    def _date(self, when: date) -> date:
        return self._local(when).date() if isinstance(when, datetime) else when

    def _shortday(self, day: date) -> str:
        return f"{day.day} {(SHORT_EN if self.english else SHORT_ID)[day.month - 1]}"


def masked_phone(phone: str | None) -> str:
    """+62812••••890: enough to recognise, too little to call (UU 27/2022)."""
    if not phone:
        return NOTHING
    digits = "".join(sign for sign in phone if sign.isdigit())
    plus = "+" if phone.lstrip().startswith("+") else ""
    return f"{plus}{digits[:5]}••••{digits[-3:]}" if len(digits) >= 11 else f"••••{digits[-2:]}"
