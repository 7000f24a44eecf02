// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "namedpipes.h"

#include <InterprocessQt/ImpersonationGuard>
#include <InterprocessQt/LocalSocket>

using namespace Pipes;
using InterprocessQt::ImpersonationGuard;
using InterprocessQt::StreamDevice;

// A thread acts as the client, and is itself again afterwards.
class tst_namedpipe_impersonation : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aGuardActsAsTheClient();
    void itCanBeEndedEarly();
    void itRefusesWhatIsNoServersEnd();
    void theLevelIsThatOfTheClient_data();
    void theLevelIsThatOfTheClient();
    void aLocalSocketLetsItselfBeIdentifiedAndNoMore();
    void nothingCanBeDoneBeforeSomethingWasRead();

private:
    // Of the token that the thread acts with; nothing if it acts as itself.
    static std::optional<SECURITY_IMPERSONATION_LEVEL> levelOfThread();
};

std::optional<SECURITY_IMPERSONATION_LEVEL> tst_namedpipe_impersonation::levelOfThread()
{
    HANDLE token = nullptr;
    if (!OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token))
        return {};
    SECURITY_IMPERSONATION_LEVEL level = SecurityAnonymous;
    DWORD size = 0;
    const bool known = GetTokenInformation(token, TokenImpersonationLevel, &level, sizeof level, &size);
    CloseHandle(token);
    return known ? std::optional(level) : std::nullopt;
}

void tst_namedpipe_impersonation::aGuardActsAsTheClient()
{
    Ends ends;
    QVERIFY(ends.connect(abstractName()));
    QVERIFY(ends.client.send("hello"));
    QCOMPARE(receiveAll(*ends.accepted, 1), List{"hello"});
    QVERIFY(!levelOfThread());
    {
        const ImpersonationGuard guard(*ends.accepted);
        QVERIFY2(guard, qPrintable(guard.errorString()));
        QVERIFY(guard.errorString().isEmpty());
        QVERIFY(levelOfThread());
    }
    QVERIFY(!levelOfThread());
}

void tst_namedpipe_impersonation::itCanBeEndedEarly()
{
    Ends ends;
    QVERIFY(ends.connect(abstractName()));
    QVERIFY(ends.client.send("hello"));
    QCOMPARE(receiveAll(*ends.accepted, 1), List{"hello"});
    ImpersonationGuard guard(*ends.accepted);
    QVERIFY(guard.isActive());
    guard.revert();
    QVERIFY(!guard.isActive());
    QVERIFY(!levelOfThread());
    guard.revert(); // does nothing
}

void tst_namedpipe_impersonation::itRefusesWhatIsNoServersEnd()
{
    Ends ends;
    const auto refused = [](const NamedPipe &pipe) {
        const ImpersonationGuard guard(pipe);
        return !guard && guard.error() == StreamDevice::OperationError && guard.nativeError() == 0 && !guard.errorString().isEmpty() && !levelOfThread();
    };
    QVERIFY(refused(ends.client));
    QVERIFY(ends.connect(abstractName()));
    QVERIFY(refused(ends.client));
    ends.accepted->abort();
    QVERIFY(refused(*ends.accepted));
}

void tst_namedpipe_impersonation::theLevelIsThatOfTheClient_data()
{
    QTest::addColumn<NamedPipe::Impersonation>("asked");
    QTest::addColumn<int>("level");
    QTest::newRow("identification") << NamedPipe::Impersonation::Identification << int(SecurityIdentification);
    QTest::newRow("impersonation") << NamedPipe::Impersonation::Impersonation << int(SecurityImpersonation);
}

void tst_namedpipe_impersonation::theLevelIsThatOfTheClient()
{
    QFETCH(NamedPipe::Impersonation, asked);
    QFETCH(int, level);
    Ends ends;
    ends.client.setImpersonationLevel(asked);
    QVERIFY(ends.connect(abstractName()));
    QVERIFY(ends.client.send("hello"));
    QCOMPARE(receiveAll(*ends.accepted, 1), List{"hello"});
    const ImpersonationGuard guard(*ends.accepted);
    QVERIFY2(guard, qPrintable(guard.errorString()));
    const auto found = levelOfThread();
    QVERIFY(found);
    if (isWine() && int(*found) != level)
        QSKIP("Wine always gives the level SecurityImpersonation");
    QCOMPARE(int(*found), level);
}

void tst_namedpipe_impersonation::aLocalSocketLetsItselfBeIdentifiedAndNoMore()
{
    if (isWine())
        QSKIP("Wine always gives the level SecurityImpersonation");
    NamedPipeServer server;
    const QString name = abstractName();
    QVERIFY(server.listen(name));
    InterprocessQt::LocalSocket client;
    client.connectToServer(name);
    client.write("hello");
    QVERIFY(server.waitForNewConnection(5000));
    const std::unique_ptr<NamedPipe> accepted(server.nextPendingConnection());
    QVERIFY(accepted->waitForReadyRead(5000));
    const ImpersonationGuard guard(*accepted);
    QVERIFY2(guard, qPrintable(guard.errorString()));
    QCOMPARE(levelOfThread(), SecurityIdentification);
}

void tst_namedpipe_impersonation::nothingCanBeDoneBeforeSomethingWasRead()
{
    if (isWine())
        QSKIP("Wine lets a server act as its client before it has read anything");
    Ends ends;
    QVERIFY(ends.connect(abstractName()));
    const ImpersonationGuard guard(*ends.accepted);
    QVERIFY(!guard);
    QCOMPARE(guard.nativeError(), ERROR_CANNOT_IMPERSONATE);
    QCOMPARE(guard.error(), StreamDevice::SocketAccessError);
}

QTEST_GUILESS_MAIN(tst_namedpipe_impersonation)
#include "tst_namedpipe_impersonation.moc"
