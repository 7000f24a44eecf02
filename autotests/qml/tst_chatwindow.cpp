// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "examplewindow.h"
#include "ipctest.h"
#include "peerprocess.h"

#include <QAbstractItemModel>
#include <QGuiApplication>
#include <QProcess>

#include <functional>

// The chat: its first window is the host, others join, and somebody takes over when the host leaves.
class tst_chatwindow : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aConversation();
    void anotherOneTakesOver();
    void aNameIsChangedWithTheKeyboard();
    void whatStrangersSendDoesNoHarm();
    void nothingThatIsSaidIsLostWithTheHost();

private:
    void startHost(PeerProcess &host, const QString &name);
    void haveMet(const ExampleWindow &first, const ExampleWindow &second);
    // Of the lines of the conversation, how many have this text.
    static int saysHowOften(const ExampleWindow &window, const QString &text)
    {
        const auto *const model = window.item(QStringLiteral("conversation"))->property("model").value<QAbstractItemModel *>();
        const int role = model->roleNames().key("text", -1);
        int times = 0;
        for (int row = 0; row < model->rowCount(); ++row)
            times += int(model->data(model->index(row, 0), role).toString() == text);
        return times;
    }
    static int count(const ExampleWindow &window, const QString &list)
    {
        return window.item(list)->property("count").toInt();
    }
    static bool says(const ExampleWindow &window, const QString &text)
    {
        const auto *const model = window.item(QStringLiteral("conversation"))->property("model").value<QAbstractItemModel *>();
        for (int row = 0; row < model->rowCount(); ++row) {
            const auto roles = model->roleNames();
            for (auto role = roles.cbegin(); role != roles.cend(); ++role) {
                if (model->data(model->index(row, 0), role.key()).toString().contains(text))
                    return true;
            }
        }
        return false;
    }
};

void tst_chatwindow::aConversation()
{
    keepDescriptors();
    if (PeerProcess::find("socat").isEmpty())
        QSKIP("There is no socat, which takes the part of another process.");
    const QString name = QString("@chat-%1").arg(QCoreApplication::applicationPid()); // short, for the picture
    ExampleWindow window("Chat", {{"userName", "Ada"}, {"address", name}});
    QVERIFY(window.isShown());
    QTRY_COMPARE(count(window, "members"), 1);

    PeerProcess grace;
    QVERIFY(grace.start("socat", {"-", "ABSTRACT-CONNECT:" + name.mid(1)}));
    grace.writeLine(R"({"kind": "name", "name": "Grace"})");
    QTRY_COMPARE(count(window, "members"), 2);
    QVERIFY(says(window, "Grace"));
    grace.writeLine(R"({"kind": "say", "text": "Good morning! Is anybody there?"})");
    QTRY_VERIFY(says(window, "Is anybody there?"));

    window.click("input");
    window.type("Yes, I am. The compiler is quick today.");
    window.press(Qt::Key_Return);
    QTRY_VERIFY(says(window, "The compiler is quick today."));
    QString line;
    do {
        line = grace.readLine();
    } while (!line.isEmpty() && !line.contains("quick"));
    QVERIFY(line.contains(QString::number(QCoreApplication::applicationPid())));

    PeerProcess alan;
    QVERIFY(alan.start("socat", {"-", "ABSTRACT-CONNECT:" + name.mid(1)}));
    alan.writeLine(R"({"kind": "name", "name": "Alan"})");
    alan.writeLine(
        R"({"kind": "say", "text": "Hello both. This line is longer, to see how it is broken into several ones when it does not fit into the window."})");
    QTRY_COMPARE(count(window, "members"), 3);
    window.type("with a click");
    window.click("send");
    QTRY_VERIFY(says(window, "with a click"));
    QTRY_VERIFY(says(window, "how it is broken"));
    QVERIFY(coloursOf(window.picture("chat")) > 20);
    alan.kill();
    QTRY_COMPARE(count(window, "members"), 2);
    QCOMPARE(window.warnings(), QStringList());
    window.window()->close();
}

// A host in a process of its own, and two guests in windows of this one.
void tst_chatwindow::startHost(PeerProcess &host, const QString &name)
{
    QVERIFY(host.start("interprocessqt-chat", {"--name", "Host", "--address", name}));
    QTRY_VERIFY(QFile::exists(name));
}

void tst_chatwindow::haveMet(const ExampleWindow &first, const ExampleWindow &second)
{
    QVERIFY(first.isShown() && second.isShown());
    QTRY_COMPARE(count(first, "members"), 3);
    QTRY_COMPARE(count(second, "members"), 3);
}

void tst_chatwindow::anotherOneTakesOver()
{
    keepDescriptors();
    PeerProcess host;
    startHost(host, path());
    ExampleWindow first("Chat", {{"userName", "First"}, {"address", path()}});
    ExampleWindow second("Chat", {{"userName", "Second"}, {"address", path()}});
    haveMet(first, second);
    if (QTest::currentTestFailed())
        return;
    QVERIFY(says(first, "Connected to the host, process " + QString::number(host.pid())));

    host.kill();
    QTRY_COMPARE_WITH_TIMEOUT(count(first, "members"), 2, 10000);
    QTRY_COMPARE_WITH_TIMEOUT(count(second, "members"), 2, 10000);
    QVERIFY(says(first, "You are the host") != says(second, "You are the host"));
    first.window()->requestActivate();
    first.click("input");
    first.type("still here");
    first.press(Qt::Key_Return);
    QTRY_VERIFY(says(second, "still here"));
    QCOMPARE(first.warnings() + second.warnings(), QStringList());
}

void tst_chatwindow::aNameIsChangedWithTheKeyboard()
{
    keepDescriptors();
    ExampleWindow window("Chat", {{"userName", "Before"}, {"address", QString("@" + abstractName())}});
    QVERIFY(window.isShown());
    QTRY_COMPARE(count(window, "members"), 1);
    window.press(Qt::Key_F2);
    QTRY_VERIFY(window.item("name")->hasActiveFocus());
    window.press(Qt::Key_A, Qt::ControlModifier);
    window.type("After");
    window.press(Qt::Key_Return);
    QTRY_VERIFY(says(window, "After"));
    QTRY_VERIFY(window.item("input")->hasActiveFocus());
    QVERIFY(window.window()->title().contains("After"));

    // Escape leaves it as it was.
    window.press(Qt::Key_F2);
    window.press(Qt::Key_A, Qt::ControlModifier);
    window.type("Mistaken");
    window.press(Qt::Key_Escape);
    QTRY_VERIFY(window.item("input")->hasActiveFocus());
    QCOMPARE(window.item("name")->property("text").toString(), "After");
    QVERIFY(window.window()->title().contains("After"));

    window.type("said");
    const QStringList expected = {"input", "send", "members", "name", "conversation"};
    QCOMPARE(window.tabOrder(6).join(u' '), expected.join(u' '));
    window.focus("send");
    window.press(Qt::Key_Return);
    QTRY_VERIFY(says(window, "said"));

    // What was said long ago is looked at.
    window.focus("input");
    const int before = count(window, "conversation");
    for (int i = 0; i < 30; ++i) {
        window.type("line");
        window.press(Qt::Key_Return);
    }
    QTRY_COMPARE(count(window, "conversation"), before + 30);
    const QQuickItem *const conversation = window.item("conversation");
    QTRY_VERIFY(conversation->property("atYEnd").toBool() && !conversation->property("atYBeginning").toBool());
    window.focus("conversation");
    // Again, for the last of what was said brings the end into view once more.
    QTRY_VERIFY((window.press(Qt::Key_PageUp), !conversation->property("atYEnd").toBool()));
    window.press(Qt::Key_Home);
    QTRY_VERIFY(conversation->property("atYBeginning").toBool());
    window.press(Qt::Key_Down);
    QTRY_VERIFY(!conversation->property("atYBeginning").toBool());
    window.press(Qt::Key_Up);
    QTRY_VERIFY(conversation->property("atYBeginning").toBool());
    window.press(Qt::Key_End);
    QTRY_VERIFY(conversation->property("atYEnd").toBool());
    QCOMPARE(window.warnings(), QStringList());
}

void tst_chatwindow::whatStrangersSendDoesNoHarm()
{
    keepDescriptors();
    if (PeerProcess::find("socat").isEmpty())
        QSKIP("There is no socat, which takes the part of a stranger.");
    const QString name = QString("@" + abstractName());
    ExampleWindow window("Chat", {{"userName", "Ada"}, {"address", name}});
    QVERIFY(window.isShown());
    QTRY_COMPARE(count(window, "members"), 1);
    const int before = count(window, "conversation");

    // Who has no name is nobody: what it says is not heard, and that it goes nobody has to know.
    PeerProcess nobody;
    QVERIFY(nobody.start("socat", {"-", "ABSTRACT-CONNECT:" + name.mid(1)}));
    for (const char *const line :
         {"null", "7", "[]", "{}", "no JSON", R"({"kind": "say", "text": "from nobody"})", R"({"kind": "name"})", R"({"kind": "name", "name": " "})"})
        nobody.writeLine(line);
    PeerProcess stranger;
    QVERIFY(stranger.start("socat", {"-", "ABSTRACT-CONNECT:" + name.mid(1)}));
    stranger.writeLine(R"({"kind": "name", "name": "<b>Mallory</b>\n with a name that goes on and on and on"})");
    QTRY_COMPARE(count(window, "members"), 2);
    nobody.kill();
    stranger.writeLine(R"({"kind": "say"})");
    stranger.writeLine(R"({"kind": "say", "text": {"an": "object"}})");
    stranger.writeLine(R"({"kind": "say", "text": ")" + QString(1000000, QLatin1Char('x')) + R"("})");
    stranger.writeLine(R"({"kind": "say", "text": "<img src='http://example.org'> \ud83d\ude00 the end"})");
    QTRY_VERIFY(says(window, "the end"));
    QVERIFY(!says(window, "from nobody"));
    QVERIFY(says(window, "<b>Mallory</b> with"));
    QVERIFY(!says(window, QString(10000, QLatin1Char('x'))));
    QVERIFY(says(window, QString(1000, QLatin1Char('x'))));
    QVERIFY(!says(window, "undefined") && !says(window, "[object Object]"));
    QCOMPARE(count(window, "conversation"), before + 3); // has come in, the long one, and the end
    // Names are text, whatever is in them.
    int names = 0;
    std::function<void(const QQuickItem *)> look = [&](const QQuickItem *item) {
        if (item->property("text").toString().contains("Mallory")) {
            ++names;
            QCOMPARE(item->property("textFormat").toInt(), int(Qt::PlainText));
        }
        for (const QQuickItem *const child : item->childItems())
            look(child);
    };
    look(window.item("members"));
    QVERIFY(names > 0);
    window.window()->resize(window.window()->minimumSize());
    QVERIFY(coloursOf(window.picture("chat-small")) > 20);
    QCOMPARE(window.warnings(), QStringList());
}

void tst_chatwindow::nothingThatIsSaidIsLostWithTheHost()
{
    keepDescriptors();
    PeerProcess host;
    startHost(host, path());
    ExampleWindow first("Chat", {{"userName", "First"}, {"address", path()}});
    ExampleWindow second("Chat", {{"userName", "Second"}, {"address", path()}});
    haveMet(first, second);
    if (QTest::currentTestFailed())
        return;
    first.window()->requestActivate();
    first.click("input");
    // Some reach it, the last ones do not: it is stopped before it is killed.
    for (int i = 0; i < 10; ++i) {
        first.type("line " + QString::number(i));
        first.press(Qt::Key_Return);
        if (i == 5) {
            QTRY_COMPARE(saysHowOften(first, "line 2"), 1);
            QCOMPARE(QProcess::execute("sh", {"-c", "kill -STOP " + QString::number(host.pid())}), 0);
        }
    }
    host.kill();
    QTRY_COMPARE_WITH_TIMEOUT(count(first, "members"), 2, 10000);
    QTRY_COMPARE_WITH_TIMEOUT(count(second, "members"), 2, 10000);
    for (int i = 0; i < 10; ++i) {
        QTRY_COMPARE(saysHowOften(first, "line " + QString::number(i)), 1);
        QTRY_COMPARE(saysHowOften(second, "line " + QString::number(i)), 1);
    }
    QCOMPARE(first.warnings() + second.warnings(), QStringList());
}

int main(int argc, char **argv)
{
    // A picture is made without a graphics card, and without a screen.
    qputenv("QT_QUICK_BACKEND", "software");
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QGuiApplication application(argc, argv);
    tst_chatwindow test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_chatwindow.moc"
