// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include "../local/rawsocket.h"

#include <InterprocessQt/Address>
#include <InterprocessQt/Features>
#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QDir>
#include <QLocalServer>
#include <QLocalSocket>
#include <QUuid>

using namespace InterprocessQt;

// What text becomes which address, what is refused and why, and whether others find the place that an address says.
class tst_address : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void textIsReadByRule_data();
    void textIsReadByRule();
    void namesThatCannotBeUsedAreRefused_data();
    void namesThatCannotBeUsedAreRefused();
    void aRelativePathMeansTheSameAfterChangingDirectory();
    void tooLongIsRefusedWithLimitAndLength_data();
    void tooLongIsRefusedWithLimitAndLength();
    void lengthIsCountedInBytes();
    void aPathOfFullLengthIsListenedAt();
    void anAbstractNameOfFullLengthIsListenedAt();
    void abstractNamesAreExactInLength();
    void ourSocketFindsARawServerOfAnAbstractName();
    void textThatCannotBeEncodedIsRefused();
    void bareNamesAreWhereQLocalServerPutsThem();
    void bareNamesAreFoundByQLocalSocket();
    void bareNamesFollowTheTemporaryDirectory();
    void listeningAtAnInvalidAddressSaysWhy();
    void connectingToAnInvalidAddressSaysWhy();
};

namespace
{
QString uniqueName()
{
    return QStringLiteral("ipq-") + QUuid::createUuid().toString(QUuid::Id128);
}

// An absolute path of so many bytes, in a directory that exists.
QString pathOfLength(const QString &directory, qsizetype length)
{
    return directory + QLatin1Char('/') + QString(length - directory.size() - 1, QLatin1Char('x'));
}
} // namespace

void tst_address::textIsReadByRule_data()
{
    QTest::addColumn<Address>("address");
    QTest::addColumn<Address::Kind>("kind");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("native");
    const QString temporary = QDir::cleanPath(QDir::tempPath());

    QTest::newRow("absolute") << Address::fromString("/run/x/y") << Address::Kind::FilePath << "/run/x/y"
                              << "/run/x/y";
    QTest::newRow("bare") << Address::fromString("service") << Address::Kind::FilePath << temporary + "/service" << temporary + "/service";
    QTest::newRow("bare with a slash") << Address::fromString("a/b") << Address::Kind::FilePath << temporary + "/a/b" << temporary + "/a/b";
    QTest::newRow("implicit") << Address(QStringLiteral("/run/x")) << Address::Kind::FilePath << "/run/x"
                              << "/run/x";
    QTest::newRow("path") << Address::filePath("/run/@x") << Address::Kind::FilePath << "/run/@x"
                          << "/run/@x";
    QTest::newRow("relative path") << Address::filePath("x") << Address::Kind::FilePath << QDir::currentPath() + "/x" << QDir::currentPath() + "/x";
    QTest::newRow("relative path with @") << Address::filePath("@x") << Address::Kind::FilePath << QDir::currentPath() + "/@x" << QDir::currentPath() + "/@x";
    QTest::newRow("relative path with :") << Address::filePath(":x") << Address::Kind::FilePath << QDir::currentPath() + "/:x" << QDir::currentPath() + "/:x";
    if (isSupported(Feature::AbstractNames)) {
        QTest::newRow("@") << Address::fromString("@service") << Address::Kind::Namespaced << "@service"
                           << "@service";
        QTest::newRow("namespaced") << Address::namespaced("service") << Address::Kind::Namespaced << "@service"
                                    << "@service";
        QTest::newRow("namespaced with slash") << Address::namespaced("a/b c") << Address::Kind::Namespaced << "@a/b c"
                                               << "@a/b c";
        QTest::newRow("namespaced @") << Address::namespaced("@x") << Address::Kind::Namespaced << "@@x"
                                      << "@@x";
    }
}

void tst_address::textIsReadByRule()
{
    QFETCH(Address, address);
    QVERIFY2(address.isValid(), qPrintable(address.errorString()));
    QVERIFY(address.errorString().isEmpty());
    QTEST(address.kind(), "kind");
    QTEST(address.toString(), "text");
    QTEST(address.nativeName(), "native");
    QCOMPARE(Address::fromString(address.toString()), address); // there and back
}

void tst_address::namesThatCannotBeUsedAreRefused_data()
{
    QTest::addColumn<Address>("address");
    QTest::addColumn<QString>("reason");
    const QString nul = QStringLiteral("a") + QChar(u'\0') + QStringLiteral("b");
    QTest::newRow("default") << Address() << "empty";
    QTest::newRow("empty") << Address::fromString(QString()) << "empty";
    QTest::newRow("@ alone") << Address::fromString("@") << "empty";
    QTest::newRow("empty path") << Address::filePath("") << "empty";
    QTest::newRow("empty name") << Address::namespaced("") << "empty";
    QTest::newRow("empty runtime") << Address::runtime("") << "empty";
    QTest::newRow("NUL") << Address::fromString(nul) << "NUL";
    QTest::newRow("NUL after @") << Address::fromString("@" + nul) << "NUL";
    QTest::newRow("NUL in absolute path") << Address::fromString("/" + nul) << "NUL";
    QTest::newRow("NUL in path") << Address::filePath("/tmp/" + nul) << "NUL";
    QTest::newRow("NUL in name") << Address::namespaced(nul) << "NUL";
    QTest::newRow("NUL in runtime") << Address::runtime(nul) << "NUL";
    QTest::newRow("runtime with folder") << Address::runtime("a/b") << "plain name";
    QTest::newRow("runtime ..") << Address::runtime("..") << "plain name";
    QTest::newRow("runtime .") << Address::runtime(".") << "plain name";
}

void tst_address::namesThatCannotBeUsedAreRefused()
{
    QFETCH(Address, address);
    QFETCH(QString, reason);
    QVERIFY(!address.isValid());
    QCOMPARE(address.kind(), Address::Kind::Invalid);
    QVERIFY2(address.errorString().contains(reason), qPrintable(address.errorString()));
    QVERIFY(address.nativeName().isEmpty()); // never a shortened or a relative one
}

void tst_address::aRelativePathMeansTheSameAfterChangingDirectory()
{
    const QString before = QDir::currentPath();
    QVERIFY(QDir::setCurrent(directory()));
    const QString here = QDir::currentPath();
    const Address address = Address::filePath("socket");
    QVERIFY(QDir::setCurrent(before));
    QCOMPARE(address.nativeName(), here + "/socket");
}

void tst_address::tooLongIsRefusedWithLimitAndLength_data()
{
    QTest::addColumn<Address>("longest");
    QTest::addColumn<Address>("tooLong");
    QTest::addColumn<int>("limit");
    const int path = int(Address::maximumLength());
    QTest::newRow("path") << Address::filePath(pathOfLength("/tmp", path)) << Address::filePath(pathOfLength("/tmp", path + 1)) << path;
    const int rest = path - int(QDir::cleanPath(QDir::tempPath()).size()) - 1;
    QTest::newRow("bare") << Address(QString(rest, QLatin1Char('b'))) << Address(QString(rest + 1, QLatin1Char('b'))) << path;
    if (isSupported(Feature::AbstractNames)) {
        const int name = path - 1; // one byte marks it as abstract
        QTest::newRow("name") << Address::namespaced(QString(name, QLatin1Char('n'))) << Address::namespaced(QString(name + 1, QLatin1Char('n'))) << name;
        QTest::newRow("@name") << Address("@" + QString(name, QLatin1Char('n'))) << Address("@" + QString(name + 1, QLatin1Char('n'))) << name;
    }
}

void tst_address::tooLongIsRefusedWithLimitAndLength()
{
    QFETCH(Address, longest);
    QFETCH(Address, tooLong);
    QFETCH(int, limit);
    QVERIFY2(longest.isValid(), qPrintable(longest.errorString()));
    QVERIFY(!tooLong.isValid());
    const QString text = tooLong.errorString();
    QVERIFY2(text.contains(QString::number(limit)), qPrintable(text));
    QVERIFY2(text.contains(QString::number(limit + 1)), qPrintable(text));
#ifdef Q_OS_LINUX
    if (isSupported(Feature::AbstractNames))
        QCOMPARE(Address::maximumLength(), 108);
#endif
}

void tst_address::lengthIsCountedInBytes()
{
    const auto umlauts = [](qsizetype count) {
        return Address::filePath("/tmp/" + QString(count, QChar(u'ä')));
    };
    const qsizetype most = (Address::maximumLength() - 5) / 2;
    QVERIFY(umlauts(most).isValid());
    QVERIFY(!umlauts(most + 1).isValid());
}

void tst_address::aPathOfFullLengthIsListenedAt()
{
    const QString longest = pathOfLength(directory(), Address::maximumLength());
    LocalServer server;
    QVERIFY2(server.listen(Address::filePath(longest)), qPrintable(server.errorString()));
    QVERIFY(S_ISSOCK(Raw::fileAt(longest)->st_mode));
    LocalSocket client;
    client.connectToServer(Address::filePath(longest));
    QVERIFY2(client.waitForConnected(), qPrintable(client.errorString()));
    const Raw::NativeHandle raw = Raw::connected(Raw::fileName(longest));
    QVERIFY(raw.isValid());
    server.close();
    QVERIFY(!Raw::fileAt(longest));
}

void tst_address::anAbstractNameOfFullLengthIsListenedAt()
{
    if (!isSupported(Feature::AbstractNames))
        QSKIP("There are no abstract names on this system");
    const QString longest = abstractName().leftJustified(Address::maximumLength() - 1, QLatin1Char('x'));
    LocalServer server;
    QVERIFY2(server.listen(Address::namespaced(longest)), qPrintable(server.errorString()));
    QVERIFY(Raw::connected(Raw::abstractName(longest)).isValid());
}

void tst_address::abstractNamesAreExactInLength()
{
    if (!isSupported(Feature::AbstractNames))
        QSKIP("There are no abstract names on this system");
    const QString name = abstractName();
    LocalServer server;
    QVERIFY(server.listen(Address::namespaced(name)));
    QVERIFY(Raw::connected(Raw::abstractName(name)).isValid());

    Raw::Name padded = Raw::abstractName(name);
    padded.length = sizeof(sockaddr_un);
    QVERIFY(!Raw::connected(padded).isValid());
    QCOMPARE(errno, ECONNREFUSED);

    // The system's own word for it.
    Raw::Name bound;
    bound.length = sizeof bound.address;
    QCOMPARE(::getsockname(int(server.socketDescriptor()), reinterpret_cast<sockaddr *>(&bound.address), &bound.length), 0);
    QCOMPARE(bound.length, Raw::abstractName(name).length);
}

void tst_address::ourSocketFindsARawServerOfAnAbstractName()
{
    if (!isSupported(Feature::AbstractNames))
        QSKIP("There are no abstract names on this system");
    const QString name = abstractName();
    const Raw::NativeHandle server = Raw::listening(Raw::abstractName(name));
    QVERIFY(server.isValid());
    LocalSocket client;
    client.connectToServer("@" + name);
    QVERIFY2(client.waitForConnected(), qPrintable(client.errorString()));
    QVERIFY(Raw::hasWaitingConnection(server));
}

void tst_address::textThatCannotBeEncodedIsRefused()
{
    // Half of a surrogate pair is no character in any encoding; replaced by '?', two such names would be one.
    const QString atTheEnd = QStringLiteral("half") + QChar(0xD83D);
    const QString inTheMiddle = QStringLiteral("ha") + QChar(0xDE00) + QStringLiteral("lf");
    for (const QString &half : {atTheEnd, inTheMiddle}) {
        for (const Address &address : {Address::filePath("/tmp/" + half), Address::namespaced(half), Address(half)}) {
            QVERIFY2(!address.isValid(), qPrintable(address.nativeName()));
            QVERIFY2(address.errorString().contains("encod"), qPrintable(address.errorString()));
        }
    }
}

void tst_address::bareNamesAreWhereQLocalServerPutsThem()
{
    const QString name = uniqueName();
    QLocalServer server;
    QVERIFY2(server.listen(name), qPrintable(server.errorString()));
    QCOMPARE(Address(name).nativeName(), server.fullServerName());
    LocalSocket client;
    client.connectToServer(name);
    QVERIFY2(client.waitForConnected(), qPrintable(client.errorString()));
    QTRY_VERIFY(server.hasPendingConnections());
}

void tst_address::bareNamesAreFoundByQLocalSocket()
{
    const QString name = uniqueName();
    LocalServer server;
    QVERIFY2(server.listen(name), qPrintable(server.errorString()));
    QCOMPARE(server.serverName(), name);
    QLocalSocket client;
    client.connectToServer(name);
    QVERIFY2(client.waitForConnected(), qPrintable(client.errorString()));
    QCOMPARE(client.fullServerName(), server.fullServerName());
    QTRY_VERIFY(server.hasPendingConnections());
}

void tst_address::bareNamesFollowTheTemporaryDirectory()
{
    const QByteArray before = qgetenv("TMPDIR");
    const bool wasSet = qEnvironmentVariableIsSet("TMPDIR");
    qputenv("TMPDIR", QFile::encodeName(directory() + QLatin1Char('/')));
    const QString native = Address("service").nativeName();
    QLocalServer server;
    const bool listening = server.listen("service");
    const QString expected = server.fullServerName();
    server.close();
    if (wasSet)
        qputenv("TMPDIR", before);
    else
        qunsetenv("TMPDIR");
    QVERIFY(listening);
    QCOMPARE(native, expected);
    QCOMPARE(native, directory() + "/service");
}

void tst_address::listeningAtAnInvalidAddressSaysWhy()
{
    LocalServer server;
    const Address tooLong = Address::filePath(pathOfLength(directory(), Address::maximumLength() + 1));
    QVERIFY(!server.listen(tooLong));
    QVERIFY(!server.isListening());
    QVERIFY(server.errorString().contains(tooLong.errorString()));
    QVERIFY(QDir(directory()).isEmpty());
}

void tst_address::connectingToAnInvalidAddressSaysWhy()
{
    LocalSocket client;
    QSignalSpy failed(&client, &LocalSocket::errorOccurred);
    client.connectToServer(Address::namespaced(QString()));
    QVERIFY(failed.wait());
    QCOMPARE(client.error(), LocalSocket::ServerNotFoundError);
    QVERIFY(client.errorString().contains("empty"));
}

QTEST_GUILESS_MAIN(tst_address)
#include "tst_address.moc"
