// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef HOST_H
#define HOST_H

#include <InterprocessQt/MessageChannel>
#include <InterprocessQt/PipeReader>
#include <InterprocessQt/PipeWriter>

#include <QJsonObject>

/*
 * What a browser starts for an extension: messages of JSON come on standard input and go on standard output, each after its
 * length as 32 bits in the byte order of the machine. It ends when its input does. Nothing else may be written to standard
 * output; standard error is for people.
 */
class Host : public QObject
{
    Q_OBJECT

public:
    Host();
    bool start();

private:
    void answer(const QByteArray &text);
    void end(int code);
    [[nodiscard]] static QJsonObject answerTo(const QJsonObject &message);

    InterprocessQt::PipeReader m_input;
    InterprocessQt::PipeWriter m_output;
    InterprocessQt::MessageChannel m_channel;
    int m_code = 0;
};

#endif
