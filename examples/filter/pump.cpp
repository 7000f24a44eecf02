// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "pump.h"

#include <InterprocessQt/ChildHandles>

#include <QFileInfo>

using namespace InterprocessQt;

Pump::Pump(const QString &from, const QString &to)
    : m_from(from)
    , m_to(to)
    , m_there(Pipe::create())
    , m_back(Pipe::create())
{
}

bool Pump::start(const QString &program, const QStringList &arguments)
{
    if (QFileInfo(m_from) == QFileInfo(m_to)) { // which would be emptied before it is read
        m_problem = m_to.fileName() + ": this is the file to read from";
    } else if (!m_from.open(QIODevice::ReadOnly) || !m_to.open(QIODevice::WriteOnly)) {
        const QFile &file = m_from.isOpen() ? m_to : m_from;
        m_problem = file.fileName() + ": " + file.errorString();
    } else if (!m_there.writer->isOpen() || !m_back.writer->isOpen()) {
        m_problem = m_back.writer->errorString();
    }
    ChildHandles handles;
    const auto input = handles.add(m_there.reader.get(), "input");
    const auto output = handles.add(m_back.writer.get(), "output");
    if (m_problem.isEmpty() && (input == NativeHandle::Invalid || output == NativeHandle::Invalid || !handles.attachTo(&m_process)))
        m_problem = handles.errorString();
    if (!m_problem.isEmpty())
        return false;

    PipeWriter *const writer = m_there.writer.get();
    PipeReader *const reader = m_back.reader.get();
    connect(writer, &PipeWriter::congestedChanged, this, &Pump::feed);
    connect(writer, &PipeWriter::bytesWritten, this, [this] {
        Q_EMIT progress(m_in, m_from.size());
    });
    // A filter may end before it has read everything (head does): that is its right, and its exit code tells.
    connect(reader, &PipeReader::readyRead, this, &Pump::store);
    connect(reader, &PipeReader::readChannelFinished, this, &Pump::endIfComplete);
    connect(&m_process, &QProcess::finished, this, &Pump::endIfComplete);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            end(m_process.program() + ": " + m_process.errorString());
    });
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    // The shell only puts what we hand over where filters look for it.
    m_process.start(
        "sh",
        QStringList{"-c", "in=$1 out=$2; shift 2; exec \"$@\" < /dev/fd/$in > /dev/fd/$out", "sh", QString::number(input), QString::number(output), program}
            + arguments);
    feed();
    return true;
}

void Pump::feed()
{
    PipeWriter &writer = *m_there.writer;
    while (writer.isOpen() && !writer.isCongested()) {
        const QByteArray chunk = m_from.read(64 * 1024);
        if (chunk.isEmpty()) {
            writer.close(); // the program sees the end of its input
            break;
        }
        if (writer.write(chunk) == -1)
            break; // it takes no more
        m_in += chunk.size();
        m_most = qMax(m_most, writer.bytesToWrite());
    }
}

void Pump::store()
{
    const QByteArrayView arrived = m_back.reader->view();
    if (m_to.write(arrived.data(), arrived.size()) != arrived.size()) {
        end(m_to.fileName() + ": " + m_to.errorString());
        return;
    }
    m_out += arrived.size();
    m_back.reader->consume(arrived.size());
}

void Pump::endIfComplete()
{
    if (m_process.state() != QProcess::NotRunning || !m_back.reader->isReadChannelFinished())
        return;
    if (m_process.exitStatus() != QProcess::NormalExit)
        end("the program has crashed");
    else if (m_process.exitCode() != 0)
        end(QString("the program has ended with code %1").arg(m_process.exitCode()));
    else if (!m_to.flush())
        end(m_to.fileName() + ": " + m_to.errorString());
    else
        end({});
}

void Pump::end(const QString &problem)
{
    if (m_told)
        return;
    m_told = true;
    m_there.writer->abort();
    m_back.reader->close();
    Q_EMIT progress(m_in, m_from.size());
    Q_EMIT finished(problem);
}
