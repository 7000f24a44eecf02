// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "peerprocess.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QFile>
#include <QRegularExpression>

#if WITH_QML
#include <QQmlComponent>
#include <QQmlEngine>
#endif

using namespace InterprocessQt;

// What the README, and the page about QML, show first is what a program does that is built and run.
class tst_readme : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void showsTheProgram_data();
    void showsTheProgram();
    void theProgramGreets();
    void theQmlClientIsGreeted();
    void theQmlServerOfTheManualAnswersItsClient();
};

namespace
{
QString contentOf(const QString &path)
{
    QFile file(QStringLiteral(SOURCE_FOLDER "/") + path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

// Line breaks and indentation may differ: the README has less room, and no clang-format.
QString withoutSpace(QString text)
{
    static const QRegularExpression space(QStringLiteral("\\s+"));
    return text.remove(space);
}

QString between(const QString &text, const QString &beginning, const QString &end)
{
    const qsizetype from = text.indexOf(beginning);
    const qsizetype to = from == -1 ? -1 : text.indexOf(end, from + beginning.size());
    return to == -1 ? QString() : text.mid(from + beginning.size(), to - from - beginning.size());
}

class ChangedVariable
{
public:
    ChangedVariable(const char *name, const QString &value)
        : m_name(name)
        , m_before(qgetenv(name))
    {
        qputenv(name, value.toUtf8());
    }
    ~ChangedVariable()
    {
        m_before.isNull() ? qunsetenv(m_name) : qputenv(m_name, m_before);
    }
    Q_DISABLE_COPY(ChangedVariable)

private:
    const char *const m_name;
    const QByteArray m_before;
};

#if WITH_QML
std::unique_ptr<QObject> make(QQmlEngine &engine, const QString &file)
{
    engine.addImportPath(QCoreApplication::applicationDirPath());
    QQmlComponent component(&engine, QUrl::fromLocalFile(QStringLiteral(SOURCE_FOLDER "/examples/") + file));
    std::unique_ptr<QObject> object(component.create());
    if (!object)
        qWarning("%s", qPrintable(component.errorString()));
    return object;
}
#endif
} // namespace

void tst_readme::showsTheProgram_data()
{
    QTest::addColumn<QString>("language");
    QTest::addColumn<QString>("file");

    QTest::newRow("C++") << "cpp"
                         << "examples/snippets/greeter.cpp";
    QTest::newRow("QML") << "qml"
                         << "examples/snippets/greeter.qml";
}

void tst_readme::showsTheProgram()
{
    QFETCH(QString, language);
    QFETCH(QString, file);

    const QString marker = QStringLiteral("//! [greeter]");
    const QString shown = between(contentOf("README.md"), "```" + language + '\n', "```");
    const QString tested = between(contentOf(file), marker, marker);
    QVERIFY(!tested.isEmpty());
    QCOMPARE(withoutSpace(shown), withoutSpace(tested));
}

void tst_readme::theProgramGreets()
{
    PeerProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert("TMPDIR", directory());
    process.process().setProcessEnvironment(environment);
    QVERIFY(process.start("snippet_greeter"));
    QCOMPARE(process.waitForExit(), 0);
    QVERIFY2(process.errors().contains("\"hello\\n\""), qPrintable(process.errors()));
}

void tst_readme::theQmlClientIsGreeted()
{
#if WITH_QML
    // Where the bare name leads to.
    const ChangedVariable temporary("TMPDIR", directory());

    LocalServer server;
    connect(&server, &LocalServer::newConnection, &server, [&server] {
        server.nextPendingConnection()->write("hello\n");
    });
    QVERIFY2(server.listen("greeter"), qPrintable(server.errorString()));

    static QStringList written;
    written.clear();
    const QtMessageHandler before = qInstallMessageHandler([](QtMsgType, const QMessageLogContext &, const QString &text) {
        written.append(text);
    });
    const auto reinstalled = qScopeGuard([before] {
        qInstallMessageHandler(before);
    });
    QQmlEngine engine;
    const std::unique_ptr<QObject> client = make(engine, "snippets/greeter.qml");
    QVERIFY2(client, qPrintable(written.join('\n')));
    QTRY_COMPARE(written, QStringList{"hello"});
#else
    QSKIP("Built without Qt Qml");
#endif
}

void tst_readme::theQmlServerOfTheManualAnswersItsClient()
{
#if WITH_QML
    const ChangedVariable runtime("XDG_RUNTIME_DIR", directory());
    QQmlEngine engine;
    const std::unique_ptr<QObject> server = make(engine, "qmlsnippets/Server.qml");
    QVERIFY(server);
    const std::unique_ptr<QObject> client = make(engine, "qmlsnippets/Client.qml");
    QVERIFY(client);
    QTRY_COMPARE(client->property("title").toString(), "Blue Train");
    // The view of the connections, of which there is one.
    const auto *view = server->property("view").value<QObject *>();
    QVERIFY(view);
    QCOMPARE(view->property("count").toInt(), 1);
    const auto *item = view->property("object").value<QObject *>();
    QVERIFY(item);
    QCOMPARE(item->property("text").toString(), QString("process %1").arg(QCoreApplication::applicationPid()));
#else
    QSKIP("Built without Qt Qml");
#endif
}

QTEST_GUILESS_MAIN(tst_readme)
#include "tst_readme.moc"
