// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "peerprocess.h"

#include <QRegularExpression>

// The example of an image viewer with a helper: pixels in shared memory, and a helper that dies.
class tst_imagehelper : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void withoutArgumentsItShowsEverything();
    void whatIsNoPictureIsAnError();
    void aFileThatIsNotThereIsAnError();
    void helpExplains();

private:
    QString run(const QStringList &arguments, int expectedCode);
};

QString tst_imagehelper::run(const QStringList &arguments, int expectedCode)
{
    PeerProcess example;
    if (!example.start(PeerProcess::find("interprocessqt-imagehelper"), arguments))
        return "not started";
    const int code = example.waitForExit();
    const QString output = QString::fromUtf8(example.process().readAllStandardOutput());
    return code == expectedCode ? output : QString("exit code %1: %2").arg(code).arg(output);
}

void tst_imagehelper::withoutArgumentsItShowsEverything()
{
    const QString output = run({}, 0);
    // 6.4 million bytes of pixels, and hardly anything through the socket.
    const QRegularExpression good("sunset.png: 1600 x 1000 pixels, 6400000 bytes of sealed memory; \\d\\d bytes went through the socket");
    QVERIFY2(good.match(output).hasMatch(), qPrintable(output));
    QVERIFY2(output.contains("cut-off.png: cannot be shown: "), qPrintable(output));
    QVERIFY2(output.contains("killer.png: the helper died of it"), qPrintable(output));
    QVERIFY2(output.contains("sunset-again.png: 1600 x 1000 pixels"), qPrintable(output));
    QCOMPARE(output.count("my helper is process"), 2);
}

void tst_imagehelper::whatIsNoPictureIsAnError()
{
    QFile file(path("text"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("not a picture");
    file.close();
    const QString output = run({file.fileName()}, 1);
    QVERIFY2(output.contains("text: cannot be shown: "), qPrintable(output));
}

void tst_imagehelper::aFileThatIsNotThereIsAnError()
{
    const QString output = run({path("nothing")}, 1);
    QVERIFY2(output.contains("nothing: "), qPrintable(output));
}

void tst_imagehelper::helpExplains()
{
    const QString output = run({"--help"}, 0);
    QVERIFY2(output.contains("sealed shared memory"), qPrintable(output));
}

QTEST_GUILESS_MAIN(tst_imagehelper)
#include "tst_imagehelper.moc"
