"""What the Learn panel, its operators and the style options say.

English: German, Japanese, Chinese (simplified), French, Spanish
"""

from .rows import Rows

OPERATORS: Rows = {
    "Learn from My Work": (
        "Von meiner Arbeit lernen",
        "自分の作品から学ぶ",
        "从我的作品学习",
        "Apprendre de mon travail",
        "Aprender de mi trabajo",
    ),
    "Forget Verdicts": (
        "Urteile vergessen",
        "判定を忘れる",
        "忘记判断",
        "Oublier les verdicts",
        "Olvidar los veredictos",
    ),
    "Use This Style": (
        "Diesen Stil benutzen",
        "このスタイルを使う",
        "使用此风格",
        "Utiliser ce style",
        "Usar este estilo",
    ),
    "Refresh": ("Auffrischen", "更新", "刷新", "Actualiser", "Actualizar"),
    "Rename Style": ("Stil umbenennen", "スタイル名を変更", "重命名风格", "Renommer le style", "Renombrar el estilo"),
    "Remove Style": ("Stil entfernen", "スタイルを削除", "移除风格", "Supprimer le style", "Quitar el estilo"),
    "Export Style": ("Stil exportieren", "スタイルを書き出す", "导出风格", "Exporter le style", "Exportar el estilo"),
    "Import Style": ("Stil importieren", "スタイルを読み込む", "导入风格", "Importer un style", "Importar un estilo"),
}

ROWS: Rows = {
    "Learn": ("Lernen", "学習", "学习", "Apprendre", "Aprender"),
    "Learning": ("Lernen", "学習", "学习", "Apprentissage", "Aprendizaje"),
    "Remember What I Keep": (
        "Merken, was ich behalte",
        "残したものを覚える",
        "记住我保留的内容",
        "Retenir ce que je garde",
        "Recordar lo que conservo",
    ),
    "Keep, Discard and Undo are remembered on this machine, and Learn uses what was kept": (
        "Behalten, Verwerfen und Rückgängig werden auf diesem Rechner gemerkt, und Lernen nutzt, was behalten wurde",
        "残す、捨てる、元に戻すをこのマシンに記憶し、残したものを学習に使います",
        "保留、丢弃和撤销会记录在此计算机上，学习时会使用保留的内容",
        "Garder, Rejeter et Annuler sont retenus sur cette machine, et Apprendre utilise ce qui a été gardé",
        "Conservar, Descartar y Deshacer se recuerdan en esta máquina, y Aprender usa lo conservado",
    ),
    "Delete what was remembered of keeping and throwing away": (
        "Löschen, was vom Behalten und Wegwerfen gemerkt wurde",
        "残したこと・捨てたことの記憶を削除します",
        "删除关于保留和丢弃的记录",
        "Supprimer ce qui a été retenu de ce qui est gardé ou rejeté",
        "Borrar lo que se recordó de lo conservado y lo descartado",
    ),
    "The learned style that this object was made in": (
        "Der gelernte Stil, in dem dieses Objekt gemacht wurde",
        "このオブジェクトを作ったときの学習済みスタイル",
        "制作此物体所用的已学习风格",
        "Le style appris dans lequel cet objet a été fait",
        "El estilo aprendido en que se hizo este objeto",
    ),
    "Which thing of the library this object was made from": (
        "Aus welchem Ding der Bibliothek dieses Objekt gemacht wurde",
        "このオブジェクトの元になったライブラリの作品",
        "此物体由库中的哪件作品制成",
        "De quel objet de la bibliothèque celui-ci a été fait",
        "De qué cosa de la biblioteca se hizo este objeto",
    ),
    "Learn From": ("Lernen von", "学習元", "学习来源", "Apprendre de", "Aprender de"),
    "From": ("Von", "元", "来源", "De", "De"),
    "What to learn from": (
        "Woraus gelernt wird",
        "何から学ぶか",
        "从什么学习",
        "Ce dont il faut apprendre",
        "De qué se aprende",
    ),
    "This File": ("Diese Datei", "このファイル", "此文件", "Ce fichier", "Este archivo"),
    "Everything in the open scene": (
        "Alles in der offenen Szene",
        "開いているシーンのすべて",
        "打开场景中的所有内容",
        "Tout ce qui est dans la scène ouverte",
        "Todo lo que hay en la escena abierta",
    ),
    "Folders": ("Ordner", "フォルダー", "文件夹", "Dossiers", "Carpetas"),
    "The folders and files of the Collect panel": (
        "Die Ordner und Dateien aus dem Feld Sammeln",
        "「集める」パネルのフォルダーとファイル",
        "“收集”面板中的文件夹和文件",
        "Les dossiers et fichiers du panneau Collecter",
        "Las carpetas y archivos del panel Recopilar",
    ),
    "Asset Libraries": (
        "Asset-Bibliotheken",
        "アセットライブラリ",
        "资产库",
        "Bibliothèques d'assets",
        "Bibliotecas de recursos",
    ),
    "The asset libraries of Blender's preferences": (
        "Die Asset-Bibliotheken aus Blenders Einstellungen",
        "Blender の設定にあるアセットライブラリ",
        "Blender 偏好设置中的资产库",
        "Les bibliothèques d'assets des préférences de Blender",
        "Las bibliotecas de recursos de las preferencias de Blender",
    ),
    "The Library dataset, as What Will Be Learned shows it": (
        "Der Datensatz Library, wie ihn „Was gelernt wird“ zeigt",
        "「学習される内容」に表示される Library データセット",
        "“将要学习的内容”中显示的 Library 数据集",
        "Le jeu de données Library, tel que le montre « Ce qui sera appris »",
        "El conjunto Library, tal como lo muestra «Lo que se aprenderá»",
    ),
    "What the style is called; empty: as the file or folder": (
        "Wie der Stil heißt; leer: wie die Datei oder der Ordner",
        "スタイルの名前。空ならファイルやフォルダーと同じ",
        "风格的名称；留空则与文件或文件夹同名",
        "Le nom du style ; vide : celui du fichier ou du dossier",
        "Cómo se llama el estilo; vacío: como el archivo o la carpeta",
    ),
    "How long the weights may learn (needs PyTorch); 0: remember only, which takes seconds": (
        "Wie lange die Gewichte lernen dürfen (braucht PyTorch); 0: nur merken, das dauert Sekunden",
        "重みの学習に使える時間（PyTorch が必要）。0 なら記憶のみで、数秒で終わります",
        "权重可以学习多久（需要 PyTorch）；0：只记忆，几秒钟即可",
        "Combien de temps les poids peuvent apprendre (demande "
        "PyTorch) ; 0 : mémoriser seulement, en quelques secondes",
        "Cuánto tiempo pueden aprender los pesos (requiere PyTorch); 0: solo recordar, en segundos",
    ),
    "A folder or a file to learn from instead": (
        "Stattdessen ein Ordner oder eine Datei, woraus gelernt wird",
        "代わりに学習元にするフォルダーまたはファイル",
        "改为从此文件夹或文件学习",
        "Un dossier ou un fichier dont apprendre à la place",
        "Una carpeta o un archivo del que aprender en su lugar",
    ),
    "Learn a style from your own work: Generate then makes "
    "things that could stand among yours. It runs beside Blender\n"
    "and goes on when Blender is closed; nothing leaves this machine": (
        "Einen Stil aus der eigenen Arbeit lernen: Erzeugen macht dann "
        "Dinge, die zwischen deinen stehen könnten. Es läuft neben "
        "Blender und geht weiter, wenn Blender geschlossen wird; nichts verlässt diesen Rechner",
        "自分の作品からスタイルを学びます。"
        "生成したものがあなたの作品に並べられるようになります。Blender と並行して動き、"
        "Blender を閉じても続きます。データはこのマシンから出ません",
        "从您自己的作品中学习风格：生成的东西可以与您的作品并列。它在 Blender "
        "之外运行，关闭 Blender 后仍会继续；任何数据都不会离开此计算机",
        "Apprendre un style de votre propre travail : Générer fait "
        "alors des choses qui pourraient être des vôtres. Cela tourne à "
        "côté de Blender et continue quand Blender est fermé ; rien ne quitte cette machine",
        "Aprende un estilo de tu propio trabajo: Generar hace entonces "
        "cosas que podrían estar entre las tuyas. Funciona junto a "
        "Blender y sigue cuando Blender se cierra; nada sale de esta máquina",
    ),
    "Meshkiln is learning already; wait, or stop it": (
        "Meshkiln lernt schon; warten oder anhalten",
        "すでに学習中です。待つか、止めてください",
        "Meshkiln 正在学习；请等待或停止它",
        "Meshkiln apprend déjà ; attendez, ou arrêtez-le",
        "Meshkiln ya está aprendiendo; espera o detenlo",
    ),
    "Meshkiln is reading objects; wait, or cancel it": (
        "Meshkiln liest Objekte; warten oder abbrechen",
        "オブジェクトを読み込み中です。待つか、キャンセルしてください",
        "Meshkiln 正在读取物体；请等待或取消",
        "Meshkiln lit des objets ; attendez, ou annulez",
        "Meshkiln está leyendo objetos; espera o cancélalo",
    ),
    "Without PyTorch your things are remembered, in seconds. With it the weights learn, too.": (
        "Ohne PyTorch merkt es sich deine Dinge, in Sekunden. Damit lernen auch die Gewichte.",
        "PyTorch なしでは作品を数秒で記憶します。あれば重みも学習します。",
        "没有 PyTorch 时，几秒内记住您的作品；有它时，权重也会学习。",
        "Sans PyTorch, vos objets sont mémorisés, en quelques secondes. Avec lui, les poids apprennent aussi.",
        "Sin PyTorch se recuerdan tus cosas, en segundos. Con él, los pesos también aprenden.",
    ),
    "As the file": ("Wie die Datei", "ファイルと同じ", "与文件同名", "Comme le fichier", "Como el archivo"),
    "{:d} things of {:d} kinds": (
        "{:d} Dinge von {:d} Arten",
        "{:d} 個、{:d} 種類",
        "{:d} 件，{:d} 类",
        "{:d} objets de {:d} sortes",
        "{:d} cosas de {:d} clases",
    ),
    "The style's name": (
        "Der Name des Stils",
        "スタイルの名前",
        "风格的名称",
        "Le nom du style",
        "El nombre del estilo",
    ),
    "The new name": ("Der neue Name", "新しい名前", "新名称", "Le nouveau nom", "El nombre nuevo"),
    "The file to write": (
        "Die Datei, die geschrieben wird",
        "書き出すファイル",
        "要写入的文件",
        "Le fichier à écrire",
        "El archivo que se escribe",
    ),
    "The exported style": (
        "Der exportierte Stil",
        "書き出されたスタイル",
        "导出的风格",
        "Le style exporté",
        "El estilo exportado",
    ),
    "Generate in this style, or no longer": (
        "In diesem Stil erzeugen, oder nicht mehr",
        "このスタイルで生成する、またはやめる",
        "以此风格生成，或不再使用",
        "Générer dans ce style, ou plus",
        "Generar en este estilo, o ya no",
    ),
    "Learn it again from where it came from: only what is new or changed is read": (
        "Noch einmal von dort lernen, woher er kam: nur Neues und Geändertes wird gelesen",
        "元の場所からもう一度学びます。新しいものと変わったものだけを読みます",
        "从原来的位置重新学习：只读取新的或更改过的内容",
        "L'apprendre de nouveau d'où il vient : seul ce qui est nouveau ou changé est lu",
        "Aprenderlo otra vez de donde vino: solo se lee lo nuevo o cambiado",
    ),
    "Give this style another name": (
        "Diesem Stil einen anderen Namen geben",
        "このスタイルに別の名前を付けます",
        "为此风格换一个名称",
        "Donner un autre nom à ce style",
        "Dar otro nombre a este estilo",
    ),
    "Remove this style. The files that it was learned from stay": (
        "Diesen Stil entfernen. Die Dateien, aus denen er gelernt wurde, bleiben",
        "このスタイルを削除します。学習元のファイルは残ります",
        "移除此风格。学习所用的文件会保留",
        "Supprimer ce style. Les fichiers dont il a été appris restent",
        "Quitar este estilo. Los archivos de los que se aprendió se quedan",
    ),
    "Write this style into one file, for another machine": (
        "Diesen Stil in eine Datei schreiben, für einen anderen Rechner",
        "別のマシンのために、このスタイルを一つのファイルに書き出します",
        "将此风格写入一个文件，供另一台计算机使用",
        "Écrire ce style dans un fichier, pour une autre machine",
        "Escribir este estilo en un archivo, para otra máquina",
    ),
    "Take in a style from a file that was exported on another machine": (
        "Einen Stil aus einer Datei aufnehmen, die auf einem anderen Rechner exportiert wurde",
        "別のマシンで書き出されたファイルからスタイルを取り込みます",
        "从另一台计算机导出的文件中导入风格",
        "Reprendre un style d'un fichier exporté sur une autre machine",
        "Incorporar un estilo de un archivo exportado en otra máquina",
    ),
    "Closeness": ("Nähe", "近さ", "接近度", "Proximité", "Cercanía"),
    "How near to your own things: 0 only in their spirit, 1 like one of them": (
        "Wie nah an deinen Dingen: 0 nur in ihrem Geist, 1 wie eines von ihnen",
        "自分の作品への近さ。0 は雰囲気だけ、1 はその一つのように",
        "与您自己作品的接近程度：0 仅神似，1 如同其中之一",
        "À quel point proche de vos objets : 0 dans leur esprit, 1 comme l'un d'eux",
        "Cuán cerca de tus cosas: 0 solo en su espíritu, 1 como una de ellas",
    ),
    "Whose work it should look like: a style learned from yours, or a bundled one; empty: any": (
        "Wessen Arbeit es gleichen soll: einem Stil, der aus "
        "deiner gelernt wurde, oder einem mitgelieferten; leer: egal",
        "誰の作品に似せるか。自分の作品から学んだスタイル、または付属のもの。空なら問いません",
        "应像谁的作品：从您的作品学到的风格，或自带的风格；留空则不限",
        "À quel travail cela doit ressembler : un style appris du vôtre, ou un style fourni ; vide : n'importe lequel",
        "A qué trabajo debe parecerse: un estilo aprendido del tuyo, o uno incluido; vacío: cualquiera",
    ),
}
