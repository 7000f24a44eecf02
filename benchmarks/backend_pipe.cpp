// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "application.h"
#include "backend.h"
#include "rawpipe.h"

#include <InterprocessQt/PipeReader>
#include <InterprocessQt/PipeWriter>

#include <QProcess>

#include <sched.h>

namespace Bench
{

namespace
{

// A producer pauses when so much waits to be written, and lets the event loop have its turn after so much.
constexpr qint64 HighWater = 256 * 1024;
constexpr qint64 TurnShare = 1024 * 1024;

auto writerTo(QIODevice &device)
{
    return [&device](const char *data, size_t size) {
        device.write(data, qint64(size));
    };
}

template<typename Device>
void fill(Device &device, const ClientScript &script)
{
    const auto &piece = script.piece();
    for (qint64 share = TurnShare; share > 0 && device.bytesToWrite() < HighWater; share -= qint64(piece.size()))
        device.write(piece);
}

class PipeBackend : public Backend
{
    using PipeReader = InterprocessQt::PipeReader;
    using PipeWriter = InterprocessQt::PipeWriter;

    struct Ends {
        explicit Ends(PipeEnds ends)
        {
            if (!reader.open(InterprocessQt::NativeHandle(ends.in)))
                die(qPrintable(reader.errorString()));
            if (!writer.open(InterprocessQt::NativeHandle(ends.out)))
                die(qPrintable(writer.errorString()));
        }
        template<typename Handle>
        void forEachMessage(int size, Handle &&handle)
        {
            const QByteArrayView bytes = reader.view();
            qsizetype done = 0;
            for (; bytes.size() - done >= size; done += size)
                handle(bytes.data() + done);
            reader.consume(done);
        }
        PipeReader reader;
        PipeWriter writer;
    };

public:
    void serve(const Job &job, Probe &probe) override
    {
        const Application application;
        makePipes(job);
        probe.listening();
        Ends ends(openServerPipes(job));
        ServerScript script(job);
        QObject::connect(&ends.reader, &PipeReader::readyRead, &ends.reader, [&] {
            if (script.isSink()) {
                script.drained(ends.reader.consume(ends.reader.view().size()), writerTo(ends.writer));
                return;
            }
            ends.forEachMessage(script.messageSize(), [&](const char *message) {
                ends.writer.write(message, script.messageSize());
            });
        });
        QObject::connect(&ends.reader, &PipeReader::readChannelFinished, qApp, &QCoreApplication::quit);
        QCoreApplication::exec();
    }

    void run(const Job &job, ClientScript &script) override
    {
        const Application application;
        Ends ends(openClientPipes(job));
        QObject::connect(&ends.reader, &PipeReader::readyRead, &ends.reader, [&] {
            ends.forEachMessage(script.answerSize(), [&](const char *answer) {
                script.answer(answer, writerTo(ends.writer));
            });
            if (script.isFinished())
                QCoreApplication::quit();
        });
        QObject::connect(&ends.writer, &PipeWriter::errorOccurred, &ends.writer, [&] {
            die(qPrintable(ends.writer.errorString()));
        });
        script.begin();
        script.connected(writerTo(ends.writer));
        if (script.isStream()) {
            QObject::connect(&ends.writer, &PipeWriter::bytesWritten, &ends.writer, [&] {
                fill(ends.writer, script);
            });
            fill(ends.writer, script);
        }
        QCoreApplication::exec();
    }
};

// A child of QProcess is the other side. It answers with blocking calls, which is the best that it could do.
class QProcessBackend : public Backend
{
public:
    void serve(const Job &, Probe &probe) override
    {
        probe.listening();
        ::pause();
    }

    pid_t otherProcess(const Job &job) override
    {
        m_application = std::make_unique<Application>();
        m_child = std::make_unique<QProcess>();
        Job childsJob = job;
        cpu_set_t cpus; // those of the server, which has nothing else to do
        CPU_ZERO(&cpus);
        for (int cpu = 0; ::sched_getaffinity(job.serverPid, sizeof cpus, &cpus) == 0 && cpu < CPU_SETSIZE; ++cpu) {
            if (job.cpu >= 0 && CPU_ISSET(size_t(cpu), &cpus)) {
                childsJob.cpu = cpu;
                break;
            }
        }
        const QStringList arguments{QStringLiteral("--worker"), QStringLiteral("child"), QStringLiteral("pipe-raw")};
        m_child->setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_child->start(QCoreApplication::applicationFilePath(), arguments + childsJob.toArguments(), QIODevice::ReadWrite | QIODevice::Unbuffered);
        if (!m_child->waitForStarted())
            die(qPrintable(m_child->errorString()));
        return pid_t(m_child->processId());
    }

    void run(const Job &, ClientScript &script) override
    {
        QProcess &child = *m_child;
        QByteArray rest;
        QObject::connect(&child, &QProcess::readyReadStandardOutput, &child, [&] {
            rest += child.readAllStandardOutput();
            qsizetype done = 0;
            for (; rest.size() - done >= script.answerSize(); done += script.answerSize())
                script.answer(rest.constData() + done, writerTo(child));
            rest.remove(0, done);
            if (script.isFinished())
                QCoreApplication::quit();
        });
        script.begin();
        script.connected(writerTo(child));
        if (script.isStream()) {
            QObject::connect(&child, &QProcess::bytesWritten, &child, [&] {
                fill(child, script);
            });
            fill(child, script);
        }
        QCoreApplication::exec();
        child.kill();
        child.waitForFinished();
    }

private:
    std::unique_ptr<Application> m_application;
    std::unique_ptr<QProcess> m_child;
};

} // namespace

std::unique_ptr<Backend> makePipeBackend()
{
    return std::make_unique<PipeBackend>();
}

std::unique_ptr<Backend> makeQProcessBackend()
{
    return std::make_unique<QProcessBackend>();
}

} // namespace Bench
