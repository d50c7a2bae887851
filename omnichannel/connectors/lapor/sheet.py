"""SP4N-LAPOR! by hand: the assisted sheet. It is a way of sending like any other: the hand is an officer's."""

from collections.abc import Collection, Sequence
from datetime import datetime

from omnichannel.connectors.lapor import export
from omnichannel.domain.forwarding import Exported
from omnichannel.domain.message import OutgoingFile, Sent
from omnichannel.domain.ports import Batch, Catalogue, Forwarded, NewsBatch, NotOffered, Ref, Report

BY_HAND = NotOffered("Buka lembar bantu, salin isiannya ke SP4N-LAPOR!, lalu simpan tracking ID-nya di sini.")
LOOK = NotOffered("Lihat statusnya di SP4N-LAPOR! dengan tracking ID ini, lalu catat di sini.")


class SheetForwarder:
    """What an office without a key to the partner API uses from its first day."""

    way = "sheet"

    async def forward(self, report: Report) -> Forwarded | NotOffered:
        return BY_HAND

    async def news(self, ref: Ref, cursor: str | None) -> NewsBatch | NotOffered:
        return LOOK

    async def reply(self, ref: Ref, text: str, files: Sequence[OutgoingFile]) -> Sent | NotOffered:
        return NotOffered("Tulis tanggapan langsung di SP4N-LAPOR!.")

    async def transfer(self, ref: Ref, institution: str, reason: str) -> Sent | NotOffered:
        return NotOffered("Ajukan pelimpahan langsung di SP4N-LAPOR!.")

    async def catalogue(self) -> Catalogue | NotOffered:
        return NotOffered("Daftar instansi dan kategori ada di formulir SP4N-LAPOR!.")

    async def find(
        self, report: Report, *, since: datetime | None = None, taken: Collection[str] = ()
    ) -> Ref | None | NotOffered:
        return LOOK

    async def disposed(self, cursor: str | None) -> Batch | NotOffered:
        return NotOffered("Buka kotak masuk SP4N-LAPOR! untuk laporan yang didisposisikan kepada kita.")

    def exported(self, table: Sequence[Sequence[str]]) -> tuple[Exported, ...]:
        return export.read(table)

    async def close(self) -> None:
        """Nothing is open."""


class BatchForwarder(SheetForwarder):
    """The sheet for many at once: one file out with all that waits, and LAPOR's own export in."""

    way = "batch"

    async def forward(self, report: Report) -> Forwarded | NotOffered:
        return NotOffered("Unduh berkas laporan yang menunggu, ketik atau unggah di SP4N-LAPOR!, lalu impor ekspornya.")

    async def news(self, ref: Ref, cursor: str | None) -> NewsBatch | NotOffered:
        return NotOffered("Impor ekspor SP4N-LAPOR! di papan LAPOR.")

    async def disposed(self, cursor: str | None) -> Batch | NotOffered:
        return NotOffered(
            "Impor ekspor SP4N-LAPOR! di papan LAPOR; laporan yang bukan dari kita masuk sebagai percakapan."
        )
