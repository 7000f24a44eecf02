// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQuick
import QtQuick.Controls.Basic

ComboBox {
    id: box

    font.pixelSize: 14
    leftPadding: 12
    rightPadding: 32

    contentItem: Text {
        text: box.displayText
        color: Theme.text
        font: box.font
        verticalAlignment: Text.AlignVCenter
        elide: Text.ElideRight
    }
    indicator: Text {
        x: box.width - width - 12
        y: (box.height - height) / 2
        text: "▾"
        color: Theme.muted
        font.pixelSize: 14
    }
    background: Rectangle {
        implicitHeight: 36
        implicitWidth: 110
        radius: 8
        color: box.pressed ? Theme.line : Theme.raised
        border.width: box.visualFocus ? 2 : 1
        border.color: box.visualFocus ? Theme.accent : Theme.line
    }
    delegate: ItemDelegate {
        id: choice

        required property string modelData
        required property int index

        width: box.width - 8
        highlighted: box.highlightedIndex === index
        contentItem: Text {
            text: choice.modelData
            color: Theme.text
            font: box.font
            verticalAlignment: Text.AlignVCenter
        }
        background: Rectangle {
            implicitHeight: 32
            radius: 6
            color: choice.highlighted ? Theme.line : "transparent"
        }
    }
    popup: Popup {
        // The box is at the bottom of a window.
        y: -height - 4
        width: box.width
        implicitHeight: contentItem.implicitHeight + 8
        padding: 4
        contentItem: ListView {
            implicitHeight: contentHeight
            clip: true
            model: box.delegateModel
            currentIndex: box.highlightedIndex
        }
        background: Rectangle {
            radius: 8
            color: Theme.raised
            border.color: Theme.line
        }
    }
}
