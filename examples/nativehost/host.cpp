// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "host.h"

#include <QCoreApplication>
#include <QJsonDocument>

#include <cstdio>

using namespace InterprocessQt;

Host::Host()
{
    m_channel.setFraming(MessageChannel::LengthPrefix);
    m_channel.setByteOrder(MessageChannel::NativeEndian);
    m_channel.setMaximumMessageSize(64 * 1024 * 1024); // what browsers send at most; they take 1 MiB
    connect(&m_channel, &MessageChannel::messageReceived, this, &Host::answer);
    connect(&m_channel, &MessageChannel::finished, this, [this] {
        end(m_code);
    });
    connect(&m_channel, &MessageChannel::errorOccurred, this, [this] {
        std::fprintf(stderr, "nativehost: %s\n", qPrintable(m_channel.errorString()));
        end(1);
    });
    connect(
        &m_output,
        &PipeWriter::closed,
        this,
        [this] {
            QCoreApplication::exit(m_code);
        },
        Qt::QueuedConnection);
}

bool Host::start()
{
    if (!m_input.openStandardInput() || !m_output.openStandardOutput()) {
        std::fprintf(stderr, "nativehost: %s\n", qPrintable(m_input.isOpen() ? m_output.errorString() : m_input.errorString()));
        return false;
    }
    m_channel.setDevices(&m_input, &m_output);
    return true;
}

void Host::end(int code)
{
    m_code = code;
    if (m_output.isOpen())
        m_output.close(); // what has been answered is written first
    else if (m_output.handle() == NativeHandle::Invalid)
        QCoreApplication::exit(code);
}

void Host::answer(const QByteArray &text)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(text, &error);
    const QJsonObject reply =
        document.isObject() ? answerTo(document.object()) : QJsonObject{{"error", error.error ? error.errorString() : QString("not an object")}};
    m_channel.send(QJsonDocument(reply).toJson(QJsonDocument::Compact));
}

QJsonObject Host::answerTo(const QJsonObject &message)
{
    const QString command = message.value("command").toString();
    QJsonObject reply;
    if (message.contains("id"))
        reply.insert("id", message.value("id"));
    if (command == "ping")
        reply.insert("result", "pong");
    else if (command == "echo")
        reply.insert("result", message.value("text"));
    else
        reply.insert("error", QString("there is no command " + command));
    return reply;
}
