// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include "files.h"

#include "../stream/randomsteps.h"

#include <InterprocessQt/UnixSocket>

#include <deque>

using namespace InterprocessQt;

/*
 * Bytes and descriptors, written and read at random in every way there is, against a model of what must come.
 *
 * The rule is that of the manual: the descriptors of a part came with the last write in it. That write began in front of
 * the end of the part, and did not end before it.
 */
class tst_unixsocket_units : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void comeOutAsTheyWentIn_data();
    void comeOutAsTheyWentIn();
};

namespace
{

// A write that carried descriptors: where in the stream it is, and which files it sent, those not seen yet.
struct Unit {
    qint64 begin;
    qint64 end;
    std::deque<ino_t> files;
};

ino_t identityOf(const FileDescriptor &file)
{
    struct stat status = {};
    ::fstat(int(file.get()), &status);
    return status.st_ino;
}

class Model
{
public:
    explicit Model(bool credentials)
        : m_credentials(credentials)
    {
        for (FileDescriptor &file : Files::numbered(16))
            m_files.push_back(std::move(file));
        auto sockets = UnixSocket::pair();
        sender = std::move(sockets.first);
        receiver = std::move(sockets.second);
        receiver->setMaximumDescriptors(8);
        sender->setSendBufferSize(8192);
        if (credentials)
            receiver->setCredentialsEnabled(true);
    }

    void write()
    {
        const QByteArray data = steps.text(steps.size(10'000));
        switch (steps.below(6)) {
        case 0: {
            std::vector<QByteArrayView> pieces;
            for (qsizetype from = 0; from < data.size();) {
                const qsizetype size = qMin<qsizetype>(data.size() - from, steps.below(200));
                pieces.push_back(QByteArrayView(data).sliced(from, size));
                from += size;
            }
            QCOMPARE(sender->writeVectored(pieces), data.size());
            break;
        }
        case 1:
        case 2:
            QCOMPARE(sender->write(data), data.size());
            break;
        case 3:
            QCOMPARE(sender->send(UnixMessage(data)), data.size());
            break;
        default: {
            UnixMessage message(data);
            Unit unit = {m_written, m_written + data.size(), {}};
            for (int count = 1 + steps.below(4); count > 0; --count) {
                const FileDescriptor &file = m_files[size_t(steps.below(int(m_files.size())))];
                unit.files.push_back(identityOf(file));
                message.addDescriptor(file.duplicate());
            }
            if (m_credentials && steps.chance(20))
                message.setCredentials(PeerCredentials::ofThisProcess());
            QCOMPARE(sender->send(std::move(message)), data.size());
            m_units.push_back(unit);
            break;
        }
        }
        m_stream += data;
        m_written += data.size();
        if (steps.chance(10))
            sender->flush();
    }

    void read()
    {
        switch (steps.below(9)) {
        case 0:
            take(receiver->read(steps.size(5000)));
            break;
        case 1: {
            const QByteArray line = receiver->readLine(steps.chance(50) ? 0 : 1 + steps.size(1000));
            QVERIFY(line.indexOf('\n') == -1 || line.indexOf('\n') == line.size() - 1);
            take(line);
            break;
        }
        case 2: {
            const qint64 skipped = receiver->skip(steps.size(1000));
            QVERIFY(skipped >= 0);
            take(m_stream.first(qsizetype(skipped)));
            break;
        }
        case 3: {
            const QByteArray ahead = receiver->peek(steps.size(5000));
            QVERIFY(m_stream.startsWith(ahead));
            break;
        }
        case 4:
            transaction();
            break;
        case 5: {
            const QByteArray seen = receiver->view().toByteArray();
            QVERIFY(m_stream.startsWith(seen));
            const qint64 size = receiver->consume(steps.size(5000));
            QVERIFY(size <= seen.size());
            take(seen.first(qsizetype(size)));
            break;
        }
        case 6:
            takeDescriptor();
            break;
        default:
            receive();
            break;
        }
    }

    [[nodiscard]] bool isDone() const
    {
        return m_stream.isEmpty() && m_units.empty();
    }
    [[nodiscard]] qint64 left() const
    {
        return m_stream.size();
    }

    RandomSteps steps;
    std::unique_ptr<UnixSocket> sender;
    std::unique_ptr<UnixSocket> receiver;
    int received = 0; // units that came as such
    int mixed = 0; // those in front of which the part had other bytes

private:
    void take(const QByteArray &data)
    {
        QVERIFY(m_stream.startsWith(data));
        m_stream.remove(0, data.size());
        m_position += data.size();
        forget();
    }

    void forget()
    {
        // Descriptors wait until they are taken, also when their bytes have been read.
        while (!m_units.empty() && m_units.front().files.empty() && m_units.front().end <= m_position)
            m_units.pop_front();
    }

    void transaction()
    {
        receiver->startTransaction();
        const QByteArray data = receiver->read(steps.size(5000));
        QVERIFY(m_stream.startsWith(data));
        QVERIFY(!receiver->receive());
        if (steps.chance(30))
            QCoreApplication::processEvents(); // more may come meanwhile
        if (steps.chance(50)) {
            receiver->commitTransaction();
            take(data);
        } else {
            receiver->rollbackTransaction();
        }
    }

    void takeDescriptor()
    {
        const FileDescriptor file = receiver->takeDescriptor();
        if (!file)
            return;
        for (Unit &unit : m_units) {
            if (unit.files.empty())
                continue;
            QCOMPARE(identityOf(file), unit.files.front());
            QVERIFY(Files::isClosedOnExec(file));
            unit.files.pop_front();
            forget();
            return;
        }
        QFAIL("one came that nobody had sent");
    }

    void receive()
    {
        const auto message = receiver->receive();
        if (!message)
            return;
        QVERIFY(!message->data().isEmpty());
        QVERIFY(!message->descriptorsLost());
        const qint64 begin = m_position;
        const qint64 end = begin + message->data().size();
        QVERIFY(m_stream.startsWith(message->data()));
        QCOMPARE(message->credentials().has_value(), m_credentials);
        if (m_credentials)
            QCOMPARE(message->credentials()->processId(), ::getpid());

        int found = 0;
        for (Unit &unit : m_units) {
            if (unit.begin >= end)
                break;
            // Its first byte is in this part, or was read in another way; then the part still ends in it.
            const bool isHere = unit.begin >= begin || (found == 0 && unit.end >= end && !message->descriptors().empty() && isSame(unit, *message));
            if (!isHere || unit.files.empty())
                continue;
            ++found;
            QVERIFY2(unit.end >= end, "something behind the write is in its part");
            QVERIFY2(isSame(unit, *message), "they are not those of this write");
            unit.files.clear();
            ++received;
            if (unit.begin > begin)
                ++mixed;
        }
        QCOMPARE(found, message->descriptors().empty() ? 0 : 1);
        take(message->data());
    }

    static bool isSame(const Unit &unit, const UnixMessage &message)
    {
        std::deque<ino_t> files;
        for (const FileDescriptor &file : message.descriptors())
            files.push_back(identityOf(file));
        return files == unit.files;
    }

    const bool m_credentials;
    std::vector<FileDescriptor> m_files;
    QByteArray m_stream; // written and not read yet
    qint64 m_written = 0;
    qint64 m_position = 0; // read
    std::deque<Unit> m_units;
};

} // namespace

void tst_unixsocket_units::comeOutAsTheyWentIn_data()
{
    QTest::addColumn<int>("written");
    QTest::addColumn<bool>("credentials");
    QTest::newRow("a slow writer") << 25 << false;
    QTest::newRow("as fast as it goes") << 50 << false;
    QTest::newRow("congested") << 70 << false;
    QTest::newRow("with credentials") << 50 << true;
}

void tst_unixsocket_units::comeOutAsTheyWentIn()
{
    QFETCH(int, written);
    QFETCH(bool, credentials);
    if (credentials && !UnixSocket().setCredentialsEnabled(true))
        QSKIP("This system does not send credentials with each message");

    Model model(credentials);
    for (int step = 0; step < 10'000; ++step) {
        if (model.steps.chance(written) && model.left() < 4'000'000)
            model.write();
        else
            model.read();
        if (model.steps.chance(20))
            QCoreApplication::processEvents();
        if (QTest::currentTestFailed())
            return;
    }
    const QDeadlineTimer deadline(20'000);
    while (!model.isDone() && !deadline.hasExpired()) {
        QCoreApplication::processEvents();
        model.read();
        if (QTest::currentTestFailed())
            return;
    }
    QVERIFY(model.isDone());
    QCOMPARE(model.receiver->descriptorsAvailable(), 0);
    // Otherwise nothing was tried.
    QVERIFY2(model.received > 100 && model.mixed > 10, qPrintable(QString("%1, %2").arg(model.received).arg(model.mixed)));
}

QTEST_GUILESS_MAIN(tst_unixsocket_units)
#include "tst_unixsocket_units.moc"
