// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "faulttest.h"

#include <InterprocessQt/Fifo>
#include <InterprocessQt/FifoReader>
#include <InterprocessQt/FifoWriter>

using namespace InterprocessQt;

namespace
{

// A FIFO is made, written to and read from until its end, and removed.
class ThroughAFifo : public Scenario
{
public:
    enum Order {
        ReaderFirst,
        WriterFirst,
    };

    ThroughAFifo(const QString &path, Order order, qsizetype size)
        : m_path(path)
        , m_order(order)
        , m_data(size, Qt::Uninitialized)
    {
        for (qsizetype i = 0; i < size; ++i)
            m_data[i] = char(i * 7 + i / 256);
        m_writer.setReaderTimeout(1000);
        reportErrorsOf(&m_reader, QStringLiteral("reader"));
        reportErrorsOf(&m_writer, QStringLiteral("writer"));
        QObject::connect(&m_reader, &FifoReader::readyRead, &m_reader, [this] {
            m_read += m_reader.readAll();
        });
        QObject::connect(&m_reader, &FifoReader::readChannelFinished, &m_reader, [this] {
            m_finished = true;
        });
        QObject::connect(&m_writer, &FifoWriter::closed, &m_writer, [this] {
            m_closed = true;
        });
    }

protected:
    void run() override
    {
        m_read.clear();
        m_finished = m_closed = false;
        Fifo fifo = Fifo::create(m_path, Fifo::DefaultPermissions, Fifo::NamePolicy::UseExisting);
        if (!fifo.isValid()) {
            report(QStringLiteral("create"), fifo.nativeError(), fifo.errorString());
            return;
        }
        if ((m_order == ReaderFirst && !openReader()) || !openWriter() || (m_order == WriterFirst && !openReader())) {
            m_reader.abort();
            m_writer.abort();
            removed(fifo);
            return;
        }
        m_writer.write(m_data);
        m_writer.close();
        await("the end of the writer", [this] {
            return m_closed;
        });
        // A writer that has failed to come leaves the reader waiting, as it should.
        await("the end of the reader", [this] {
            return m_finished || (!reports().isEmpty() && !m_reader.hasWriter());
        });
        if (m_reader.isOpen())
            m_read += m_reader.readAll();
        m_reader.abort();
        m_writer.abort();
        removed(fifo);
        isBeginning("what is read", m_read, m_data);
        if (m_read == m_data)
            complete();
    }

private:
    bool openReader()
    {
        if (m_reader.open(m_path))
            return true;
        report(QStringLiteral("open the reader"), m_reader.nativeError(), m_reader.errorString());
        return false;
    }

    bool openWriter()
    {
        if (m_writer.open(m_path))
            return true;
        report(QStringLiteral("open the writer"), m_writer.nativeError(), m_writer.errorString());
        return false;
    }

    void removed(Fifo &fifo)
    {
        if (!fifo.remove())
            report(QStringLiteral("remove"), fifo.nativeError(), fifo.errorString());
    }

    const QString m_path;
    const Order m_order;
    QByteArray m_data;
    QByteArray m_read;
    bool m_finished = false;
    bool m_closed = false;
    FifoReader m_reader;
    FifoWriter m_writer;
};

} // namespace

class tst_faults_fifo : public FaultTest
{
    Q_OBJECT

private Q_SLOTS:
    void theReaderComesFirst();
    void theWriterComesFirst();
    void byteByByte();
};

void tst_faults_fifo::theReaderComesFirst()
{
    inject([this] {
        return std::make_unique<ThroughAFifo>(path(), ThroughAFifo::ReaderFirst, 200'000);
    });
}

void tst_faults_fifo::theWriterComesFirst()
{
    inject([this] {
        return std::make_unique<ThroughAFifo>(path(), ThroughAFifo::WriterFirst, 10);
    });
}

void tst_faults_fifo::byteByByte()
{
    transferByteByByte([this] {
        return std::make_unique<ThroughAFifo>(path(), ThroughAFifo::ReaderFirst, 3000);
    });
}

QTEST_GUILESS_MAIN(tst_faults_fifo)

#include "tst_faults_fifo.moc"
