// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QProperty>

using namespace InterprocessQt;

// The options say what a name means; an address says so itself.
class tst_localsocket_options : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void anOptionThatIsSetAfterTheNameCounts_data();
    void anOptionThatIsSetAfterTheNameCounts();
    void anAddressMeansTheSameWithAnyOption();
};

void tst_localsocket_options::anOptionThatIsSetAfterTheNameCounts_data()
{
    QTest::addColumn<bool>("bound");
    QTest::newRow("by its setter") << false;
    QTest::newRow("by a binding") << true;
}

void tst_localsocket_options::anOptionThatIsSetAfterTheNameCounts()
{
    QFETCH(bool, bound);
    const QString name = abstractName();
    LocalServer server;
    QVERIFY2(server.listen(Address::namespaced(name)), qPrintable(server.errorString()));

    LocalSocket socket;
    socket.setServerName(name);
    QProperty<LocalSocket::SocketOptions> source(LocalSocket::NoOptions);
    if (bound) {
        socket.bindableSocketOptions().setBinding([&source] {
            return source.value();
        });
        source = LocalSocket::AbstractNamespaceOption;
    } else {
        socket.setSocketOptions(LocalSocket::AbstractNamespaceOption);
    }
    socket.connectToServer();
    QCOMPARE(socket.state(), LocalSocket::ConnectedState);
}

void tst_localsocket_options::anAddressMeansTheSameWithAnyOption()
{
    LocalServer server;
    QVERIFY2(server.listen(Address::filePath(path())), qPrintable(server.errorString()));
    LocalSocket socket;
    socket.setServerAddress(Address::filePath(path()));
    socket.setSocketOptions(LocalSocket::AbstractNamespaceOption);
    socket.connectToServer();
    QCOMPARE(socket.state(), LocalSocket::ConnectedState);
}

QTEST_GUILESS_MAIN(tst_localsocket_options)
#include "tst_localsocket_options.moc"
