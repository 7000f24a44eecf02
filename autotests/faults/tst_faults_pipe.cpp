// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "faulttest.h"

#include <InterprocessQt/ChildHandles>
#include <InterprocessQt/Pipe>

#include <QProcess>

#include <fcntl.h>
#include <unistd.h>

using namespace InterprocessQt;

namespace
{

QByteArray pattern(qsizetype size)
{
    QByteArray data(size, Qt::Uninitialized);
    for (qsizetype i = 0; i < size; ++i)
        data[i] = char(i * 7 + i / 256);
    return data;
}

// What both ends have in common: something is written to one, and read from the other until its end.
class ThroughAPipe : public Scenario
{
public:
    explicit ThroughAPipe(qsizetype size)
        : m_data(pattern(size))
    {
        reportErrorsOf(&m_reader, QStringLiteral("reader"));
        reportErrorsOf(&m_writer, QStringLiteral("writer"));
        QObject::connect(&m_reader, &PipeReader::readyRead, &m_reader, [this] {
            m_read += m_reader.readAll();
        });
        QObject::connect(&m_reader, &PipeReader::readChannelFinished, &m_reader, [this] {
            m_finished = true;
        });
        QObject::connect(&m_reader, &PipeReader::errorOccurred, &m_reader, [this] {
            m_finished = true;
            m_reader.abort();
            readerGone();
        });
        QObject::connect(&m_writer, &PipeWriter::closed, &m_writer, [this] {
            m_closed = true;
        });
    }

protected:
    virtual bool open()
    {
        Pipe::Handles handles = Pipe::createHandles();
        if (!handles.reader) {
            report(QStringLiteral("create"), handles.nativeError, QStringLiteral("create: no handles"));
            return false;
        }
        return opened(m_reader.open(std::move(handles.reader)), m_reader) && opened(m_writer.open(std::move(handles.writer)), m_writer);
    }

    virtual void close()
    {
    }
    virtual void readerGone()
    {
    }

    bool opened(bool isOpen, const StreamDevice &device)
    {
        if (!isOpen)
            report(QStringLiteral("open"), device.nativeError(), device.errorString());
        return isOpen;
    }

    void run() override
    {
        m_read.clear();
        m_finished = m_closed = false;
        if (!open()) {
            m_reader.abort();
            m_writer.abort();
            close();
            return;
        }
        m_writer.write(m_data.first(m_data.size() / 2));
        m_writer.write(m_data.mid(m_data.size() / 2));
        m_writer.close();
        await("the end of the writer", [this] {
            return m_closed;
        });
        close(); // should the writer have been a second one
        await("the end of the reader", [this] {
            return m_finished;
        });
        if (m_reader.isOpen())
            m_read += m_reader.readAll();
        m_reader.abort();
        m_writer.abort();
        isBeginning("what is read", m_read, m_data);
        if (m_read == m_data)
            complete();
    }

    const QByteArray m_data;
    QByteArray m_read;
    bool m_finished = false;
    bool m_closed = false;
    PipeReader m_reader;
    PipeWriter m_writer;
};

/*
 * The same through standard input and output of this process, which are the ends of a pipe meanwhile: of one that is
 * blocking, and that stays so, as it would be shared with the shell.
 */
class ThroughStandardStreams : public ThroughAPipe
{
public:
    using ThroughAPipe::ThroughAPipe;

protected:
    bool open() override
    {
        {
            const Injector::Pause pause;
            fflush(stdout);
            int ends[2];
            if (::pipe2(ends, O_CLOEXEC) == -1)
                return false;
            m_input = ::fcntl(0, F_DUPFD_CLOEXEC, 3);
            m_output = ::fcntl(1, F_DUPFD_CLOEXEC, 3);
            ::dup2(ends[0], 0);
            ::dup2(ends[1], 1);
            ::close(ends[0]);
            ::close(ends[1]);
        }
        return opened(m_reader.openStandardInput(), m_reader) && opened(m_writer.openStandardOutput(), m_writer);
    }

    void close() override
    {
        const Injector::Pause pause;
        if (m_output != -1) {
            if (::fcntl(0, F_GETFL) & O_NONBLOCK)
                wrong(QStringLiteral("standard input does not block any more"));
            if (::fcntl(1, F_GETFL) & O_NONBLOCK)
                wrong(QStringLiteral("standard output does not block any more"));
            ::dup2(m_output, 1);
            ::close(m_output);
            m_output = -1;
        }
        if (!m_reader.isOpen())
            readerGone();
    }

    void readerGone() override
    {
        const Injector::Pause pause;
        if (m_input == -1)
            return;
        ::dup2(m_input, 0);
        ::close(m_input);
        m_input = -1;
    }

    void run() override
    {
        ThroughAPipe::run();
        readerGone();
    }

private:
    int m_input = -1;
    int m_output = -1;
};

// A child gets two ends, and copies what it reads from one to the other.
class ThroughAChild : public Scenario
{
protected:
    void run() override
    {
        const QByteArray data = pattern(1000);
        const Pipe toChild = Pipe::create();
        const Pipe fromChild = Pipe::create();
        for (const StreamDevice *const end : {static_cast<StreamDevice *>(toChild.reader.get()),
                                              static_cast<StreamDevice *>(toChild.writer.get()),
                                              static_cast<StreamDevice *>(fromChild.reader.get()),
                                              static_cast<StreamDevice *>(fromChild.writer.get())}) {
            if (!end->isOpen()) {
                report(QStringLiteral("create"), end->nativeError(), end->errorString());
                return;
            }
        }
        ChildHandles handles;
        const auto input = handles.add(toChild.reader.get(), QStringLiteral("input"));
        const auto output = handles.add(fromChild.writer.get(), QStringLiteral("output"));
        if (input == NativeHandle::Invalid || output == NativeHandle::Invalid) {
            report(QStringLiteral("add"), handles.nativeError(), handles.errorString());
            return;
        }
        reportErrorsOf(toChild.writer.get(), QStringLiteral("writer"));
        reportErrorsOf(fromChild.reader.get(), QStringLiteral("reader"));
        QProcess child;
        if (!handles.attachTo(&child)) {
            report(QStringLiteral("attach"), handles.nativeError(), handles.errorString());
            return;
        }
        child.start(
            QStringLiteral("sh"),
            {QStringLiteral("-c"), QStringLiteral("cat < /dev/fd/$1 > /dev/fd/$2"), QStringLiteral("sh"), QString::number(input), QString::number(output)});
        toChild.writer->write(data);
        toChild.writer->close();
        QByteArray read;
        await("the end of the child's output", [&] {
            read += fromChild.reader->isOpen() ? fromChild.reader->readAll() : QByteArray();
            return fromChild.reader->isReadChannelFinished() || !fromChild.reader->isOpen();
        });
        await("the end of the child", [&] {
            return child.state() == QProcess::NotRunning;
        });
        isBeginning("what is read", read, data);
        if (read == data)
            complete();
        else if (child.exitCode() != 0 || child.exitStatus() != QProcess::NormalExit || child.error() != QProcess::UnknownError)
            toldOtherwise(QStringLiteral("the child has ended with %1, %2").arg(child.exitCode()).arg(child.errorString()));
    }
};

} // namespace

class tst_faults_pipe : public FaultTest
{
    Q_OBJECT

private Q_SLOTS:
    void throughAPipe();
    void throughAPipeByteByByte();
    void throughStandardStreams();
    void throughStandardStreamsByteByByte();
    void throughAChild();
};

void tst_faults_pipe::throughAPipe()
{
    inject([] {
        return std::make_unique<ThroughAPipe>(200'000);
    });
}

void tst_faults_pipe::throughAPipeByteByByte()
{
    transferByteByByte([] {
        return std::make_unique<ThroughAPipe>(3000);
    });
}

void tst_faults_pipe::throughStandardStreams()
{
    inject([] {
        return std::make_unique<ThroughStandardStreams>(200'000);
    });
}

void tst_faults_pipe::throughStandardStreamsByteByByte()
{
    transferByteByByte([] {
        return std::make_unique<ThroughStandardStreams>(3000);
    });
}

void tst_faults_pipe::throughAChild()
{
    inject([] {
        return std::make_unique<ThroughAChild>();
    });
}

QTEST_GUILESS_MAIN(tst_faults_pipe)

#include "tst_faults_pipe.moc"
