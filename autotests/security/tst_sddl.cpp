// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "windows/sddl_p.h"

#include <QTest>

using namespace InterprocessQt;

// Where the parts and entries of a text are, and what is no outline at all. Windows is not asked here.
class tst_sddl : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void outline_data();
    void outline();
    void whatIsNone_data();
    void whatIsNone();
};

void tst_sddl::outline_data()
{
    QTest::addColumn<QString>("sddl");
    QTest::addColumn<QStringList>("pieces"); // letter and head, then the entries
    QTest::newRow("owner") << "O:BA" << QStringList{"O BA"};
    QTest::newRow("SIDs") << "O:S-1-5-18G:S-1-5-32-544" << QStringList{"O S-1-5-18", "G S-1-5-32-544"};
    QTest::newRow("abbreviations with letters of parts") << "O:SGG:DGD:P" << QStringList{"O SG", "G DG", "D P"};
    QTest::newRow("empty list") << "D:" << QStringList{"D "};
    QTest::newRow("entries") << "D:PAI(A;;GA;;;SY)(D;;GA;;;NU)" << QStringList{"D PAI", "(A;;GA;;;SY)", "(D;;GA;;;NU)"};
    QTest::newRow("both lists") << "D:(A;;GA;;;SY)S:AR(AU;SAFA;WD;;;WD)" << QStringList{"D ", "(A;;GA;;;SY)", "S AR", "(AU;SAFA;WD;;;WD)"};
    QTest::newRow("spaces") << " O:BA D:P (A;;GA;;;SY) " << QStringList{"O BA ", "D P ", "(A;;GA;;;SY)"};
    QTest::newRow("condition") << R"(D:(XA;;FX;;;WD;(@User.x == ")D:(" && (a >= 1)))(A;;GA;;;SY))"
                               << QStringList{"D ", R"((XA;;FX;;;WD;(@User.x == ")D:(" && (a >= 1))))", "(A;;GA;;;SY)"};
}

void tst_sddl::outline()
{
    QFETCH(QString, sddl);
    const SddlOutline outline = outlineOf(sddl);
    // Whatever the outcome is, the text is made.
    QVERIFY2(!outline.flaw, qPrintable(outline.flaw.value_or(SddlFlaw()).reason));
    QStringList pieces;
    for (const SddlPart &part : outline.parts) {
        pieces << QString(part.letter) + QLatin1Char(' ') + sddl.mid(part.head.begin, part.head.end - part.head.begin);
        for (const SddlRange entry : part.entries)
            pieces << sddl.mid(entry.begin, entry.end - entry.begin);
    }
    QTEST(pieces, "pieces");
}

void tst_sddl::whatIsNone_data()
{
    QTest::addColumn<QString>("sddl");
    QTest::addColumn<qsizetype>("position");
    QTest::newRow("empty") << QString() << qsizetype(0);
    QTest::newRow("no part") << "everybody" << qsizetype(0);
    QTest::newRow("entry without list") << "(A;;GA;;;SY)" << qsizetype(0);
    QTest::newRow("something before") << "xO:BA" << qsizetype(0);
    QTest::newRow("unknown part") << "O:BAX:P" << qsizetype(4);
    QTest::newRow("colon first") << ":BA" << qsizetype(0);
    QTest::newRow("twice") << "D:PO:BAD:P" << qsizetype(7);
    QTest::newRow("not closed") << "D:(A;;GA;;;SY)(A;;GA;;;SY" << qsizetype(14);
    QTest::newRow("closed twice") << "D:(A;;GA;;;SY))" << qsizetype(14);
    QTest::newRow("quotation") << R"(D:(XA;;FX;;;WD;(@User.x == "a)))" << qsizetype(15);
}

void tst_sddl::whatIsNone()
{
    QFETCH(QString, sddl);
    const SddlOutline outline = outlineOf(sddl);
    QVERIFY(outline.flaw);
    QTEST(outline.flaw->position, "position");
    QVERIFY(!outline.flaw->reason.isEmpty());
}

QTEST_GUILESS_MAIN(tst_sddl)
#include "tst_sddl.moc"
