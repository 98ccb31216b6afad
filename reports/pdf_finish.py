"""The last step of a PDF: what PDF/UA-1 asks for and the PDF engine does not write itself.

The engine makes a tagged PDF/A-2a. Added here: the direction each table header speaks for, the
PDF/UA claim beside the PDF/A claim (with the description of its namespace that PDF/A asks for), and
a file identifier that depends on nothing but the content, so that the same release always gives the
same bytes.
"""

import io

import pikepdf

from reports.errors import PdfError

_UA_CLAIM = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 this file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""
_END_OF_CLAIMS = b"</rdf:RDF>"
_SAFE_LINKS = ("https://", "http://", "mailto:")


def finish(pdf: bytes) -> bytes:
    """Give the same document as PDF/UA-1 and PDF/A-2a in one file, with repeatable bytes."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        _refuse_odd_links(document)
        _tell_header_scopes(document.Root.StructTreeRoot)
        _complete_letters(document)
        _claim_accessibility(document)
        out = io.BytesIO()
        document.save(out, deterministic_id=True, compress_streams=True)
        return out.getvalue()


def _refuse_odd_links(document: pikepdf.Pdf) -> None:
    """Stop a link such as ``javascript:`` or ``file:`` that reached the paper all the same."""
    for page in document.pages:
        for annotation in page.obj.get("/Annots", pikepdf.Array()):
            address = str(annotation.get("/A", pikepdf.Dictionary()).get("/URI", ""))
            if address and not address.startswith(_SAFE_LINKS):
                raise PdfError(f"The page links to {address[:80]!r}; only web and mail links may.")


def _tell_header_scopes(root: pikepdf.Object) -> None:
    """Say for every table header whether it heads a column or a row."""
    # A stack instead of recursion: a deep structure must not end in a RecursionError.
    waiting: list[tuple[pikepdf.Object, bool]] = [(root, False)]
    while waiting:
        node, in_head = waiting.pop()
        kind = node.get("/S")
        in_head = (in_head or kind == "/THead") and kind != "/TBody"
        if kind == "/TH":
            _set_scope(node, "/Column" if in_head else "/Row")
        children = node.get("/K", pikepdf.Array())
        listed = list(children) if isinstance(children, pikepdf.Array) else [children]
        waiting += [(kid, in_head) for kid in listed if isinstance(kid, pikepdf.Dictionary)]


def _set_scope(header: pikepdf.Object, scope: str) -> None:
    """Put the scope beside the attributes the engine wrote (row and column spans)."""
    ours = pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name(scope))
    written = header.get("/A")
    if written is None:
        header.A = ours
    elif isinstance(written, pikepdf.Array):
        written.append(ours)
    elif written.get("/O") == "/Table":
        written.Scope = pikepdf.Name(scope)
    else:
        header.A = pikepdf.Array([written, ours])


def _complete_letters(document: pikepdf.Pdf) -> None:
    """Give a letter to glyphs that have none, such as the second mark of an Arabic cluster.

    The engine gives the first glyph of a cluster all its letters and writes nothing for the others,
    which PDF/UA forbids; a space of no width adds nothing to what is read aloud or copied.
    """
    for each in document.objects:
        if isinstance(each, pikepdf.Dictionary) and "/ToUnicode" in each:
            letters = each.ToUnicode.read_bytes()
            each.ToUnicode.write(letters.replace(b" <>\n", b" <200b>\n"))


def _claim_accessibility(document: pikepdf.Pdf) -> None:
    """Write the PDF/UA claim into the description the engine left, uncompressed."""
    claims = document.Root.Metadata.read_bytes()
    ours = claims.replace(_END_OF_CLAIMS, _UA_CLAIM + _END_OF_CLAIMS, 1)
    stream = pikepdf.Stream(document, ours)
    stream.Type = pikepdf.Name.Metadata
    stream.Subtype = pikepdf.Name.XML
    document.Root.Metadata = document.make_indirect(stream)
