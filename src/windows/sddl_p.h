// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_SDDL_P_H
#define INTERPROCESSQT_SDDL_P_H

#include <QtCore/qlist.h>
#include <QtCore/qstring.h>

#include <optional>

/*
 * The outline of a text in the Security Descriptor Definition Language: where its parts and their entries are. What they
 * mean is for Windows to say.
 */
namespace InterprocessQt
{

struct SddlRange {
    qsizetype begin = 0;
    qsizetype end = 0;
};

struct SddlPart {
    QChar letter; // O, G, D or S
    SddlRange content; // behind the colon
    SddlRange head; // of a list: what stands before the first entry
    QList<SddlRange> entries; // with their brackets
};

struct SddlFlaw {
    qsizetype position = -1; // of the character where it begins; -1 if nobody can tell
    QString reason;
};

struct SddlOutline {
    QList<SddlPart> parts;
    std::optional<SddlFlaw> flaw; // there is no outline then
};

[[nodiscard]] SddlOutline outlineOf(const QString &sddl);
// Of a text that Windows has refused: which piece of it is refused when it stands alone.
[[nodiscard]] SddlFlaw findSddlFlaw(const QString &sddl);

} // namespace InterprocessQt

#endif
