// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include <InterprocessQt/Address>
#include <InterprocessQt/Features>
#include <InterprocessQt/PeerCredentials>

#include <QDir>
#include <QLocalServer>
#include <QLocalSocket>

using namespace InterprocessQt;

// What text becomes which pipe, what is refused and why, and whether Qt's classes find the place that an address says.
class tst_address_windows : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void textIsReadByRule_data();
    void textIsReadByRule();
    void namesThatCannotBeUsedAreRefused_data();
    void namesThatCannotBeUsedAreRefused();
    void tooLongIsRefusedWithLimitAndLength_data();
    void tooLongIsRefusedWithLimitAndLength();
    void theSystemTakesNamesOfFullLength();
    void textThatCannotBeEncodedIsRefused();
    void aRelativePathMeansTheSameAfterChangingDirectory();
    void bothWaysToWriteAPathLeadToOnePipe();
    void bareNamesAndPathsAreWhereQLocalServerPutsThem();
    void runtimeNamesAreThoseOfTheUser();
    void credentialsOfThisProcess();
};

void tst_address_windows::textIsReadByRule_data()
{
    QTest::addColumn<Address>("address");
    QTest::addColumn<Address::Kind>("kind");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("native");
    constexpr auto file = Address::Kind::FilePath;
    constexpr auto name = Address::Kind::Namespaced;

    QTest::newRow("bare") << Address("service") << file << R"(\\.\pipe\service)"
                          << R"(\\.\pipe\service)";
    QTest::newRow("bare with a slash") << Address("a/b") << file << R"(\\.\pipe\a/b)"
                                       << R"(\\.\pipe\a/b)";
    QTest::newRow("full") << Address(R"(\\.\pipe\service)") << file << R"(\\.\pipe\service)"
                          << R"(\\.\pipe\service)";
    QTest::newRow("full, large letters") << Address(R"(\\.\PIPE\Service)") << file << R"(\\.\pipe\Service)"
                                         << R"(\\.\pipe\Service)";
    QTest::newRow("full, slashes") << Address("//./pipe/service") << file << R"(\\.\pipe\service)"
                                   << R"(\\.\pipe\service)";
    QTest::newRow("of a container") << Address(R"(\\.\pipe\LOCAL\x)") << file << R"(\\.\pipe\LOCAL\x)"
                                    << R"(\\.\pipe\LOCAL\x)";
    QTest::newRow("path") << Address("C:/Temp/x") << file << "C:/Temp/x"
                          << R"(\\.\pipe\C:/Temp/x)";
    QTest::newRow("native path") << Address(R"(C:\Temp\x)") << file << R"(C:\Temp\x)"
                                 << R"(\\.\pipe\C:/Temp/x)";
    QTest::newRow("path of Unix") << Address::filePath("/run/x") << file << "/run/x"
                                  << R"(\\.\pipe\/run/x)";
    QTest::newRow("@") << Address("@service") << name << "@service"
                       << R"(\\.\pipe\service)";
    QTest::newRow("namespaced") << Address::namespaced("a/b c") << name << "@a/b c"
                                << R"(\\.\pipe\a/b c)";
    QTest::newRow("up and down") << Address("a/../b") << file << R"(\\.\pipe\a/../b)"
                                 << R"(\\.\pipe\a/../b)";
    QTest::newRow("dots") << Address("..a/b../...c") << file << R"(\\.\pipe\..a/b../...c)"
                          << R"(\\.\pipe\..a/b../...c)";
    QTest::newRow("namespaced @") << Address::namespaced("@x") << name << "@@x"
                                  << R"(\\.\pipe\@x)";
}

void tst_address_windows::textIsReadByRule()
{
    QFETCH(Address, address);
    QVERIFY2(address.isValid(), qPrintable(address.errorString()));
    QVERIFY(address.errorString().isEmpty());
    QTEST(address.kind(), "kind");
    QTEST(address.toString(), "text");
    QTEST(address.nativeName(), "native");
    QCOMPARE(Address(address.toString()), address); // there and back
}

void tst_address_windows::namesThatCannotBeUsedAreRefused_data()
{
    QTest::addColumn<Address>("address");
    QTest::addColumn<QString>("reason");
    const QString nul = QStringLiteral("a") + QChar(u'\0') + QStringLiteral("b");
    QTest::newRow("default") << Address() << "empty";
    QTest::newRow("empty") << Address(QString()) << "empty";
    QTest::newRow("@ alone") << Address("@") << "empty";
    QTest::newRow("prefix alone") << Address(R"(\\.\pipe\)") << "no name";
    QTest::newRow("NUL") << Address(nul) << "NUL";
    QTest::newRow("NUL in name") << Address::namespaced(nul) << "NUL";
    QTest::newRow("runtime with folder") << Address::runtime("a/b") << "plain name";
    QTest::newRow("runtime with native folder") << Address::runtime(R"(a\b)") << "plain name";
    QTest::newRow("another computer") << Address(R"(\\server\pipe\x)") << "another computer";
    // Windows takes these for steps in a path, and would open a file or a device that has nothing to do with pipes.
    for (const char *name : {"..", "../C:/Windows/win.ini", R"(..\PhysicalDrive0)", "a/../../C:/x", R"(a\.\..\..\C:\x)", "a//../../x", ".. /x", "/../x"}) {
        QTest::addRow("out of the pipes: %s", name) << Address(name) << "pipes";
        QTest::addRow("out of the pipes: @%s", name) << Address::namespaced(name) << "pipes";
        QTest::addRow("out of the pipes, full: %s", name) << Address(QStringLiteral(R"(\\.\pipe\%1)").arg(name)) << "pipes";
    }
    QTest::newRow("path out of the pipes") << Address("C:/../../x") << "pipes";
    QTest::newRow("another computer, slashes") << Address("//server/pipe/x") << "another computer";
}

void tst_address_windows::namesThatCannotBeUsedAreRefused()
{
    QFETCH(Address, address);
    QFETCH(QString, reason);
    QVERIFY(!address.isValid());
    QVERIFY2(address.errorString().contains(reason), qPrintable(address.errorString()));
    QVERIFY(address.nativeName().isEmpty());
}

void tst_address_windows::tooLongIsRefusedWithLimitAndLength_data()
{
    QTest::addColumn<Address>("longest");
    QTest::addColumn<Address>("tooLong");
    const qsizetype limit = Address::maximumLength();
    const QString longest(limit, QLatin1Char('n'));
    const QString tooLong(limit + 1, QLatin1Char('n'));
    QTest::newRow("name") << Address::namespaced(longest) << Address::namespaced(tooLong);
    QTest::newRow("bare") << Address(longest) << Address(tooLong);
    QTest::newRow("full") << Address(R"(\\.\pipe\)" + longest) << Address(R"(\\.\pipe\)" + tooLong);
    QTest::newRow("path") << Address("C:/" + longest.mid(3)) << Address("C:/" + tooLong.mid(3));
    const QString umlauts(limit, QChar(u'ä'));
    QTest::newRow("counted in characters") << Address(umlauts) << Address(umlauts + QChar(u'ä'));
}

void tst_address_windows::tooLongIsRefusedWithLimitAndLength()
{
    QFETCH(Address, longest);
    QFETCH(Address, tooLong);
    QCOMPARE(Address::maximumLength(), 247);
    QVERIFY2(longest.isValid(), qPrintable(longest.errorString()));
    QCOMPARE(longest.nativeName().size(), 256);
    QVERIFY(!tooLong.isValid());
    QVERIFY2(tooLong.errorString().contains("247") && tooLong.errorString().contains("248"), qPrintable(tooLong.errorString()));
}

void tst_address_windows::theSystemTakesNamesOfFullLength()
{
    const QString native = Address(abstractName().leftJustified(Address::maximumLength(), QLatin1Char('x'))).nativeName();
    QLocalServer server;
    QVERIFY2(server.listen(native), qPrintable(server.errorString()));
    QLocalSocket client;
    client.connectToServer(native);
    QVERIFY2(client.waitForConnected(), qPrintable(client.errorString()));
}

void tst_address_windows::textThatCannotBeEncodedIsRefused()
{
    const QString half = QStringLiteral("half") + QChar(0xD83D);
    for (const Address &address : {Address("C:/" + half), Address::namespaced(half), Address(half)}) {
        QVERIFY2(!address.isValid(), qPrintable(address.nativeName()));
        QVERIFY2(address.errorString().contains("encod"), qPrintable(address.errorString()));
    }
}

void tst_address_windows::aRelativePathMeansTheSameAfterChangingDirectory()
{
    const QString before = QDir::currentPath();
    QVERIFY(QDir::setCurrent(directory()));
    const QString here = QDir::currentPath();
    const Address address = Address::filePath("socket");
    QVERIFY(QDir::setCurrent(before));
    QCOMPARE(address.nativeName(), R"(\\.\pipe\)" + here + "/socket");
}

void tst_address_windows::bothWaysToWriteAPathLeadToOnePipe()
{
    const QString native = QDir::toNativeSeparators(path());
    QVERIFY(native != path());
    QCOMPARE(Address(native).nativeName(), Address(path()).nativeName());
}

void tst_address_windows::bareNamesAndPathsAreWhereQLocalServerPutsThem()
{
    for (const QString &name : {abstractName(), path()}) {
        QLocalServer server;
        QVERIFY2(server.listen(name), qPrintable(server.errorString()));
        QCOMPARE(Address(name).nativeName(), server.fullServerName());
    }
}

void tst_address_windows::runtimeNamesAreThoseOfTheUser()
{
    const Address address = Address::runtime("service");
    QVERIFY2(address.isValid(), qPrintable(address.errorString()));
    QCOMPARE(address.kind(), Address::Kind::FilePath);
    const auto user = PeerCredentials::ofThisProcess().securityId();
    QVERIFY(user);
    QVERIFY2(address.nativeName().contains(*user), qPrintable(address.nativeName()));
    QVERIFY(address.nativeName().endsWith("service"));
    QCOMPARE(Address(address.toString()), address);
}

void tst_address_windows::credentialsOfThisProcess()
{
    const PeerCredentials own = PeerCredentials::ofThisProcess();
    QVERIFY(own.isValid());
    QCOMPARE(own.processId(), QCoreApplication::applicationPid());
    QVERIFY(own.isSameUser());
    QVERIFY2(own.securityId()->startsWith("S-1-5-"), qPrintable(*own.securityId()));
    QVERIFY(own.sessionId());
    QVERIFY(!own.userId());
    PeerCredentials other = own;
    other.setSecurityId(QStringLiteral("S-1-5-21-1-2-3-1001"));
    QVERIFY(!other.isSameUser());
    QVERIFY(other != own);
    QString text;
    QDebug(&text) << other;
    QVERIFY2(text.contains("S-1-5-21-1-2-3-1001"), qPrintable(text));
}

QTEST_GUILESS_MAIN(tst_address_windows)
#include "tst_address_windows.moc"
