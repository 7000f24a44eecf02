// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQuick
import QtQuick.Layouts
import ExampleStyle

ColumnLayout {
    id: item

    required property string from
    required property string text
    required property string answer
    required property string time

    spacing: 1

    RowLayout {
        spacing: 8

        Text {
            text: item.time
            color: Theme.muted
            font.pixelSize: 11
        }
        Tag {
            text: item.from
            tint: item.from.startsWith("SIG") ? Theme.warning : item.from === "FIFO" ? Theme.good : Theme.accent
        }
        Text {
            Layout.fillWidth: true
            text: item.text
            textFormat: Text.PlainText
            color: Theme.text
            font.pixelSize: 13
            font.bold: true
            elide: Text.ElideRight
        }
    }
    Text {
        Layout.fillWidth: true
        text: item.answer
        textFormat: Text.PlainText
        color: item.answer.startsWith("error") ? Theme.bad : Theme.muted
        font.pixelSize: 12
        wrapMode: Text.Wrap
        maximumLineCount: 2
        elide: Text.ElideRight
    }
}
