// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef IMAGEHELPER_DECODER_H
#define IMAGEHELPER_DECODER_H

#include <InterprocessQt/MessageSocket>

#include <QObject>

// The helper: decodes what it is given. It is the process that a hostile picture may break, and has nothing to lose.
class Decoder : public QObject
{
    Q_OBJECT

public:
    explicit Decoder(const InterprocessQt::Address &viewer);

private:
    void decode(const QByteArray &name);

    InterprocessQt::MessageSocket m_viewer;
};

#endif
