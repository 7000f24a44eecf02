// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "sddl_p.h"

#include "security_p.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qstringlist.h>

namespace InterprocessQt
{

namespace
{

QString tr(const char *text)
{
    return QCoreApplication::translate("InterprocessQt::SecurityDescriptor", text);
}

QString textOf(const QString &sddl, SddlRange range)
{
    return sddl.mid(range.begin, range.end - range.begin);
}

bool isAccepted(const QString &sddl)
{
    QByteArray descriptor;
    return sys::descriptorFromSddl(sddl, descriptor) == 0;
}

bool isSid(const QString &text)
{
    QByteArray sid;
    return sys::sidFromText(text, sid) == 0;
}

} // namespace

// ---- The outline

SddlOutline outlineOf(const QString &sddl)
{
    const auto broken = [](qsizetype position, const QString &reason) {
        return SddlOutline{{}, SddlFlaw{position, reason}};
    };
    SddlOutline outline;
    QList<qsizetype> open; // brackets
    bool quoted = false; // in a condition: brackets and colons mean nothing there
    for (qsizetype i = 0; i < sddl.size(); ++i) {
        const QChar c = sddl.at(i);
        if (c == QLatin1Char('"') && !open.isEmpty()) {
            quoted = !quoted;
        } else if (quoted) {
            continue;
        } else if (c == QLatin1Char('(')) {
            if (open.isEmpty() && !outline.parts.isEmpty()) {
                SddlPart &part = outline.parts.last();
                if (part.entries.isEmpty())
                    part.head.end = i;
                part.entries.append({i, sddl.size()});
            }
            open.append(i);
        } else if (c == QLatin1Char(')')) {
            if (open.isEmpty())
                return broken(i, tr("this bracket closes nothing"));
            open.removeLast();
            if (open.isEmpty() && !outline.parts.isEmpty())
                outline.parts.last().entries.last().end = i + 1;
        } else if (c == QLatin1Char(':') && open.isEmpty()) {
            const QChar letter = i > 0 ? sddl.at(i - 1).toUpper() : QChar();
            if (letter.isNull() || !QStringLiteral("OGDS").contains(letter))
                return broken(qMax<qsizetype>(0, i - 1), tr("a part begins with O:, G:, D: or S:"));
            for (SddlPart &part : outline.parts) {
                if (part.letter == letter)
                    return broken(i - 1, tr("there is a second part %1:").arg(letter));
                part.content.end = qMin(part.content.end, i - 1);
                if (part.entries.isEmpty())
                    part.head.end = qMin(part.head.end, i - 1);
            }
            if (outline.parts.isEmpty() && !sddl.left(i - 1).trimmed().isEmpty())
                return broken(0, tr("a part begins with O:, G:, D: or S:"));
            outline.parts.append({letter, {i + 1, sddl.size()}, {i + 1, sddl.size()}, {}});
        }
    }
    if (quoted)
        return broken(open.last(), tr("there is a quotation mark without its counterpart in what begins here"));
    if (!open.isEmpty())
        return broken(open.last(), tr("this bracket is not closed"));
    if (outline.parts.isEmpty())
        return broken(0, tr("a part begins with O:, G:, D: or S:"));
    return outline;
}

// ---- Which piece is wrong

namespace
{

std::optional<SddlFlaw> flawOfEntry(const QString &sddl, QChar list, SddlRange entry)
{
    const QString text = textOf(sddl, entry);
    const QString prefix = QString(list) + QLatin1Char(':');
    if (isAccepted(prefix + text))
        return {};
    // "(type;flags;rights;object;object;account)", and a condition may follow. Each field is tried with others that are
    // right for sure.
    const QStringList fields = text.mid(1, text.size() - 2).split(QLatin1Char(';'));
    if (fields.size() < 6)
        return SddlFlaw{entry.begin, tr("an entry has six fields, and this one %1").arg(fields.size())};
    const QLatin1String type(list == QLatin1Char('S') ? "(AU;" : "(A;");
    qsizetype at = entry.begin + 1;
    for (int i = 0; i < 6; ++i) {
        const QString &field = fields.at(i);
        const SddlFlaw here{at, tr("Windows does not understand \"%1\"").arg(field)};
        at += field.size() + 1;
        if (i == 0 && fields.size() == 6 && fields.at(3).isEmpty() && fields.at(4).isEmpty()
            && !isAccepted(prefix + QLatin1Char('(') + field + QLatin1String(";;GA;;;WD)")))
            return here;
        if (i == 1 && !isAccepted(prefix + type + field + QLatin1String(";GA;;;WD)")))
            return here;
        if (i == 2 && !isAccepted(prefix + type + QLatin1Char(';') + field + QLatin1String(";;;WD)")))
            return here;
        if (i == 5 && !isSid(field))
            return here;
    }
    return SddlFlaw{entry.begin, tr("Windows does not understand \"%1\"").arg(text)};
}

std::optional<SddlFlaw> flawOfPart(const QString &sddl, const SddlPart &part)
{
    if (part.letter == QLatin1Char('O') || part.letter == QLatin1Char('G')) {
        const QString sid = textOf(sddl, part.content);
        if (isSid(sid.trimmed()))
            return {};
        return SddlFlaw{part.content.begin, tr("Windows does not understand the account \"%1\"").arg(sid)};
    }
    qsizetype at = part.head.end;
    if (const QString flags = textOf(sddl, part.head); !flags.isEmpty() && !isAccepted(QString(part.letter) + QLatin1Char(':') + flags))
        return SddlFlaw{part.head.begin, tr("Windows does not understand \"%1\"").arg(flags)};
    for (const SddlRange entry : part.entries) {
        if (!textOf(sddl, {at, entry.begin}).trimmed().isEmpty())
            return SddlFlaw{at, tr("here is something between two entries")};
        if (auto flaw = flawOfEntry(sddl, part.letter, entry))
            return flaw;
        at = entry.end;
    }
    if (!textOf(sddl, {at, part.content.end}).trimmed().isEmpty())
        return SddlFlaw{at, tr("here is something behind the last entry")};
    return {};
}

} // namespace

SddlFlaw findSddlFlaw(const QString &sddl)
{
    const SddlOutline outline = outlineOf(sddl);
    if (outline.flaw)
        return *outline.flaw;
    for (const SddlPart &part : outline.parts) {
        if (auto flaw = flawOfPart(sddl, part))
            return *flaw;
    }
    return {-1, tr("Windows does not tell where")};
}

} // namespace InterprocessQt
