// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "client.h"

#include "console.h"
#include "sender.h"
#include "system.h"

#include <QDir>
#include <QFileInfo>

using namespace InterprocessQt;
using namespace std::chrono_literals;
using protocol::Kind;

namespace
{
constexpr qsizetype PartSize = protocol::MaximumContent;
constexpr quint64 BatchQuestions = 1000;
constexpr quint64 RoundTripQuestions = 5000;
constexpr int BulkParts = 2048; // 256 MiB
constexpr int LongestSilence = 10; // seconds

void tell(const QString &text)
{
    console::say("client", text);
}

// From the current folder, if that is where it is.
QString shownPath(const QString &path)
{
    const QString relative = QDir::current().relativeFilePath(path);
    return QDir::toNativeSeparators(relative.startsWith("..") ? path : relative);
}
} // namespace

Client::Client(QObject *parent)
    : QObject(parent)
{
    connect(&m_socket, &LocalSocket::connected, this, &Client::greet);
    connect(&m_socket, &LocalSocket::readyRead, this, &Client::readMessages);
    connect(&m_socket, &LocalSocket::errorOccurred, this, &Client::handleError);

    // Counting seconds, not measuring time: while somebody has stopped us with Ctrl-Z no seconds are counted.
    m_silenceTimer.setInterval(1s);
    connect(&m_silenceTimer, &QTimer::timeout, this, &Client::checkForSilence);
    connect(&m_socket, &LocalSocket::bytesWritten, this, [this] {
        m_secondsOfSilence = 0;
    });
}

Client::~Client() = default;

QString Client::open(const QString &path)
{
    if (path.isEmpty())
        return "the name of the file is empty";
    const QFileInfo info(path);
    const QString shown = shownPath(path);
    if (info.isDir())
        return QString("%1 is a directory, not a file").arg(shown);
    // Opening a pipe may take forever, and some devices never end.
    if (info.exists() && !info.isFile())
        return QString("%1 is not a regular file").arg(shown);
    m_file.setFileName(path);
    if (!m_file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return QString("%1 cannot be read: %2").arg(shown, m_file.errorString());
    return {};
}

void Client::waitForService()
{
    // The socket tries again by itself, ever more rarely, until it is connected.
    m_socket.setReconnectEnabled(true);
    m_socket.setReconnectDelays(2ms, 100ms);
}

void Client::stopWaiting(const QString &reason)
{
    if (m_socket.isReconnectEnabled())
        fail(reason);
}

void Client::expectProcess(qint64 pid)
{
    m_expectedProcess = pid;
}

void Client::start(const Address &address)
{
    m_silenceTimer.start();
    m_socket.connectToServer(address);
}

// ---- The steps

void Client::greet()
{
    m_socket.setReconnectEnabled(false); // from now on a lost connection is an error
    console::heading("1. Who is there? The operating system says it: neither side can pretend.");
    begin(Step::Greeting);
    send(Kind::Hello, protocol::Greeting);
}

void Client::handleGreeting()
{
    const PeerCredentials peer = m_socket.peerCredentials();
    tell("the service is " + describe(peer));
    if (m_expectedProcess && peer.processId().value_or(*m_expectedProcess) != *m_expectedProcess)
        fail("that is not the process that was started as the service");
    else
        beginFile();
}

void Client::beginFile()
{
    console::heading("2. A file travels, and the service answers with what it has received.");
    tell(QString("sending %1, %2").arg(shownPath(m_file.fileName()), console::size(quint64(m_file.size()))));
    begin(Step::File);
    m_progress = std::make_unique<Progress>(quint64(m_file.size()));
    m_sender = std::make_unique<Sender>(&m_socket, [this] {
        return nextFilePart();
    });
    connect(m_sender.get(), &Sender::partSent, this, &Client::showProgress);
    connect(m_sender.get(), &Sender::finished, this, [this] {
        if (m_step != Step::File)
            return; // the file could not be read
        m_progress.reset(); // the next line is the service's
        m_step = Step::FileReceipt;
        send(Kind::FileEnd);
    });
}

QByteArray Client::nextFilePart()
{
    QByteArray part(PartSize, Qt::Uninitialized);
    const qint64 size = m_file.read(part.data(), part.size());
    if (size < 0)
        fail(QString("%1 cannot be read: %2").arg(shownPath(m_file.fileName()), m_file.errorString()));
    if (size <= 0)
        return {};
    part.truncate(size);
    QElapsedTimer timer;
    timer.start();
    m_hash.addData(part);
    m_hashTime += std::chrono::nanoseconds(timer.nsecsElapsed());
    m_fileSize += quint64(size);
    return protocol::encoded(Kind::FilePart, part);
}

void Client::showProgress()
{
    // What waits in the buffer has not gone anywhere yet.
    const quint64 waiting = quint64(m_socket.bytesToWrite());
    m_progress->update(m_fileSize > waiting ? m_fileSize - waiting : 0);
}

void Client::handleFileReceipt(const QByteArray &content)
{
    const auto time = elapsed();
    if (content != protocol::fromNumber(m_fileSize) + m_hash.result()) {
        fail("the service has received something else than what was sent");
        return;
    }
    tell("this is what I have sent");
    if (m_fileSize > 0) {
        tell(QString("%1 in %2: %3").arg(console::size(m_fileSize), console::duration(time), console::speed(m_fileSize, time)));
        tell(QString("(%1 of that is the time I needed for the checksum)").arg(console::duration(m_hashTime)));
    }
    beginBatch();
}

void Client::beginBatch()
{
    console::heading(QString("3. %1 questions at once, without waiting for answers. What is 731 squared?").arg(console::number(BatchQuestions)));
    begin(Step::Batch);
    // So many small writes do not make as many system calls: the socket gathers them.
    while (m_asked < BatchQuestions)
        ask(++m_asked);
}

void Client::beginRoundTrips()
{
    console::heading(QString("4. %1 questions one by one, each asked after the answer to the one before.").arg(console::number(RoundTripQuestions)));
    begin(Step::RoundTrips);
    ask(++m_asked);
}

void Client::ask(quint64 number)
{
    send(Kind::Question, protocol::fromNumber(number));
}

void Client::handleAnswer(quint64 answer)
{
    ++m_answered;
    if (answer != m_answered * m_answered) {
        fail(QString("the service says that %1 squared is %2").arg(m_answered).arg(answer));
        return;
    }
    const auto time = elapsed();
    if (m_step == Step::Batch && m_answered == BatchQuestions) {
        tell(QString("%1 right answers, in order, in %2: %3")
                 .arg(console::number(BatchQuestions), console::duration(time), console::perSecond(BatchQuestions, time)));
        m_asked = m_answered = 0;
        beginRoundTrips();
    } else if (m_step == Step::RoundTrips && m_answered == RoundTripQuestions) {
        tell(QString("%1 round trips in %2: %3, %4 each")
                 .arg(console::number(RoundTripQuestions),
                      console::duration(time),
                      console::perSecond(RoundTripQuestions, time),
                      console::duration(time / RoundTripQuestions)));
        beginBulk();
    } else if (m_step == Step::RoundTrips) {
        ask(++m_asked);
    }
}

void Client::beginBulk()
{
    const quint64 total = quint64(BulkParts) * PartSize;
    console::heading(QString("5. How fast is the socket by itself? %1 from memory, without a checksum.").arg(console::size(total)));
    begin(Step::Bulk);
    m_sender = std::make_unique<Sender>(&m_socket, [this, part = protocol::encoded(Kind::BulkPart, QByteArray(PartSize, 'x'))] {
        return m_bulkPartsSent++ < BulkParts ? part : QByteArray();
    });
    connect(m_sender.get(), &Sender::finished, this, [this] {
        send(Kind::BulkEnd);
    });
}

void Client::handleBulkReceipt(quint64 size)
{
    const auto time = elapsed();
    if (size != quint64(BulkParts) * PartSize) {
        fail(QString("the service has received only %1").arg(console::size(size)));
        return;
    }
    tell(QString("%1 in %2: %3").arg(console::size(size), console::duration(time), console::speed(size, time)));
    beginGoodbye();
}

void Client::beginGoodbye()
{
    console::heading("6. The end.");
    tell(QString("goodbye; I never needed more than %1 of memory").arg(console::size(peakMemory())));
    begin(Step::Goodbye);
    send(Kind::Goodbye);
}

// ---- What comes from the service

void Client::readMessages()
{
    protocol::Message message;
    while (m_step != Step::Over) {
        switch (protocol::receive(m_socket, message)) {
        case protocol::Arrival::Nothing:
            return;
        case protocol::Arrival::Complete:
            m_secondsOfSilence = 0;
            handle(message);
            break;
        case protocol::Arrival::Garbage:
            fail("what listens there does not speak the language of this tour");
            break;
        }
    }
}

void Client::handle(const protocol::Message &message)
{
    const auto is = [&](Step step, Kind kind) {
        return m_step == step && message.kind == kind;
    };
    if (is(Step::Greeting, Kind::Hello) && message.content == protocol::Greeting) {
        handleGreeting();
    } else if (is(Step::FileReceipt, Kind::FileReceipt)) {
        handleFileReceipt(message.content);
    } else if (is(Step::Batch, Kind::Answer) || is(Step::RoundTrips, Kind::Answer)) {
        handleAnswer(protocol::toNumber(message.content));
    } else if (is(Step::Bulk, Kind::BulkReceipt)) {
        handleBulkReceipt(protocol::toNumber(message.content));
    } else if (is(Step::Goodbye, Kind::Goodbye)) {
        m_step = Step::Over;
        m_silenceTimer.stop();
        m_socket.disconnectFromServer();
        Q_EMIT finished();
    } else {
        fail("what listens there does not speak the language of this tour");
    }
}

void Client::handleError(LocalSocket::LocalSocketError error)
{
    // Nobody is there yet, which is normal for as long as we wait for that.
    if (m_socket.isReconnectEnabled() && (error == LocalSocket::ServerNotFoundError || error == LocalSocket::ConnectionRefusedError))
        return;
    if (m_stepTime.isValid())
        fail(QString("the service has gone away (%1)").arg(m_socket.errorString()));
    else
        fail(QString("%1. Is a service listening there?").arg(m_socket.errorString()));
}

void Client::checkForSilence()
{
    if (++m_secondsOfSilence >= LongestSilence)
        fail(QString("the service has been silent for %1 seconds").arg(m_secondsOfSilence));
}

// ---- Helpers

void Client::send(Kind kind, const QByteArray &content)
{
    m_socket.write(protocol::encoded(kind, content));
}

void Client::begin(Step step)
{
    m_step = step;
    m_stepTime.start();
}

std::chrono::nanoseconds Client::elapsed() const
{
    return std::chrono::nanoseconds(m_stepTime.nsecsElapsed());
}

void Client::fail(const QString &reason)
{
    if (m_step == Step::Over)
        return;
    m_step = Step::Over;
    m_silenceTimer.stop();
    m_progress.reset(); // its line is in the way
    m_socket.abort();
    Q_EMIT failed(reason);
}
