// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "peerprocess.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QXmlStreamReader>

// That the benchmark program works. How fast anything is, is not asked here.
class tst_bench : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void everyBackendHasAFigureForEveryTest();
    void aNameThatIsNoneIsRefused_data();
    void aNameThatIsNoneIsRefused();

private:
    static QString program()
    {
        return PeerProcess::find(QStringLiteral("interprocessqt-bench"));
    }
};

void tst_bench::everyBackendHasAFigureForEveryTest()
{
    QVERIFY(!program().isEmpty());
    const QString json = path(QStringLiteral("figures.json"));
    const QString picture = path(QStringLiteral("picture.svg"));
    QProcess bench;
    bench.start(program(), {"--smoke", "--json", json, "--picture", picture});
    QVERIFY(bench.waitForFinished(100'000));
    QVERIFY2(bench.exitCode() == 0, bench.readAllStandardError().constData());
    const QByteArray table = bench.readAllStandardOutput();
    QVERIFY2(table.contains("round trips, 64 B"), table.constData());

    QFile file(json);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QJsonParseError error;
    const QJsonArray rows = QJsonDocument::fromJson(file.readAll(), &error).object().value("rows").toArray();
    QVERIFY2(error.error == QJsonParseError::NoError, qPrintable(error.errorString()));

    QStringList everywhere = {"interprocessqt", "qlocalsocket", "epoll"};
    if (BENCHMARK_LIBUV)
        everywhere.append("libuv");
    if (BENCHMARK_ASIO)
        everywhere.append("asio");
    QStringList seen;
    for (const QJsonValue &value : rows) {
        const QJsonObject row = value.toObject();
        const QString id = row.value("id").toString();
        seen.append(id);
        const QStringList pipes{"pipe", "pipe-raw", "pipe-qprocess"};
        const QStringList signalWays{"signalwatcher", "selfpipe", "signalfd"};
        for (const QString &backend : id == "signal" ? signalWays : id.startsWith("pipe-") ? pipes : everywhere) {
            const QJsonValue figure = row.value("figures").toObject().value(backend).toObject().value("median");
            QVERIFY2(figure.isDouble(), qPrintable(id + ": no figure for " + backend));
            // Memory may well be 0: it is counted in pages, or an allocator does not tell.
            QVERIFY2(figure.toDouble() > 0 || id == "heap" || id == "resident", qPrintable(id + ": nothing from " + backend));
        }
    }
    QStringList wanted = {"roundtrip-64",
                          "roundtrip-4096",
                          "roundtrip-65536",
                          "pipelined",
                          "stream-65536",
                          "stream-1024",
                          "idle-1",
                          "setup",
                          "heap",
                          "cycle",
                          "pipe-roundtrip-64",
                          "pipe-stream-65536",
                          "pipe-stream-1024"};
    if (BENCHMARK_SIGNALS)
        wanted.append("signal");
    for (const QString &id : std::as_const(wanted))
        QVERIFY2(seen.contains(id), qPrintable(id + " was not measured"));

    QFile svg(picture);
    QVERIFY(svg.open(QIODevice::ReadOnly));
    QXmlStreamReader reader(&svg);
    int bars = 0;
    while (!reader.atEnd()) {
        if (reader.readNext() == QXmlStreamReader::StartElement && reader.name() == QLatin1String("rect"))
            ++bars;
    }
    QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
    QVERIFY(bars > 20);
}

void tst_bench::aNameThatIsNoneIsRefused_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("test") << QStringList{"--only", "nonsense"};
    QTest::newRow("backend") << QStringList{"--backend", "nonsense"};
    QTest::newRow("dispatcher") << QStringList{"--dispatcher", "nonsense"};
    QTest::newRow("number") << QStringList{"--rounds", "many"};
    QTest::newRow("argument") << QStringList{"nonsense"};
}

void tst_bench::aNameThatIsNoneIsRefused()
{
    QFETCH(QStringList, arguments);
    QProcess bench;
    bench.start(program(), arguments);
    QVERIFY(bench.waitForFinished());
    QCOMPARE(bench.exitCode(), 2);
    QCOMPARE(bench.readAllStandardError().count('\n'), 1); // one clear line
}

QTEST_GUILESS_MAIN(tst_bench)
#include "tst_bench.moc"
